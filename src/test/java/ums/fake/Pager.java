package ums.fake;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ums.channel.Delivery;
import ums.provider.CircuitChanged;
import ums.provider.Outcome;
import ums.provider.Provider;
import ums.provider.ProviderType;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** The type {@code pager}: its accounts do as a story tells them. */
public final class Pager implements ProviderType<Pager.Settings> {

    private final Map<String, Supplier<Outcome>> scripts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> taken = new ConcurrentHashMap<>();

    /** @param line required, for people */
    public record Settings(@NotBlank String line) {}

    /** From now on the account ends every attempt so. */
    void script(String id, Supplier<Outcome> outcome) {
        scripts.put(id, outcome);
    }

    /** From now on every account takes everything; nothing was given to any yet. */
    void reset() {
        scripts.clear();
        taken.clear();
    }

    /** What the account was given, as {@code address: text}. */
    List<String> taken(String id) {
        return taken.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>());
    }

    @Override
    public String name() {
        return "pager";
    }

    @Override
    public String channel() {
        return "note";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Provider<?> create(String id, Settings settings, Consumer<CircuitChanged> circuitListener) {
        return new Line(id, settings.line());
    }

    private final class Line implements Provider<NoteContent> {

        private final String id;
        private final String line;

        private Line(String id, String line) {
            this.id = id;
            this.line = line;
        }

        @Override
        public String channel() {
            return "note";
        }

        @Override
        public String endpoint() {
            return line;
        }

        @Override
        public List<RecipientOutcome> send(Delivery<NoteContent> delivery) {
            delivery.recipients()
                    .forEach(it -> taken(id)
                            .add(it.address() + ": " + delivery.content().text()));
            Supplier<Outcome> script =
                    requireNonNullElse(scripts.get(id), () -> new Outcome.Sent(new Reply(200, "read aloud")));
            return RecipientOutcome.all(
                    delivery.recipients(),
                    delivery.commit().getAsBoolean() ? script.get() : new Outcome.CalledOff("called off"));
        }
    }
}

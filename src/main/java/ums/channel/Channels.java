package ums.channel;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The channels that this process knows. It claims, relays and counts only their entries: another process on the database, of a
 * later version, may know more.
 */
@Component
public final class Channels {

    private final Map<String, Channel<Content>> byName;

    public Channels(List<? extends Channel<?>> channels) {
        this.byName = channels.stream().collect(Collectors.toMap(Channel::name, Channels::ofItsContent));
    }

    /** A channel for the contents that its own form has read: nothing else may be given to it. */
    @SuppressWarnings("unchecked")
    private static Channel<Content> ofItsContent(Channel<?> channel) {
        return (Channel<Content>) channel;
    }

    /** The channel of that name, for contents that its own form has read. */
    public Optional<Channel<Content>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * The one spelling of an address whose channel is not said: by the first channel that knows such addresses.
     *
     * @throws IllegalArgumentException with a reason, for people, where none does
     */
    public String normalise(String address) {
        IllegalArgumentException fault = null;
        for (Channel<Content> each : all()) {
            try {
                return each.normalise(address);
            } catch (IllegalArgumentException invalid) {
                fault = fault == null ? invalid : fault;
            }
        }
        throw fault == null ? new IllegalArgumentException("There is no channel") : fault;
    }

    /** The same, and the address in lower case where no channel knows it. */
    public String spelling(String address) {
        try {
            return normalise(address);
        } catch (IllegalArgumentException _) {
            return address.strip().toLowerCase(Locale.ROOT);
        }
    }

    /** All of them, in the sequence of their names. */
    public List<Channel<Content>> all() {
        return names().stream().map(byName::get).toList();
    }

    /** The names, in the sequence of the alphabet. */
    public List<String> names() {
        return byName.keySet().stream().sorted().toList();
    }
}

package ums.channel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The channels that this process knows. It claims, relays and counts only their entries: another process on the database, of a
 * later version, may know more.
 */
@Component
public final class Channels {

    private final Map<String, Channel> byName;

    public Channels(List<Channel> channels) {
        this.byName = channels.stream().collect(Collectors.toMap(Channel::name, Function.identity()));
    }

    public Optional<Channel> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names, in the sequence of the alphabet. */
    public List<String> names() {
        return byName.keySet().stream().sorted().toList();
    }
}

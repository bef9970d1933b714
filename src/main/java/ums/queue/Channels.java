package ums.queue;

import java.util.List;
import org.springframework.stereotype.Component;
import ums.channel.MessageSender;

/** The channels that this process knows. It claims, relays and counts only their entries; another process may know more. */
@Component
final class Channels {

    private final List<String> names;

    Channels(List<MessageSender> senders) {
        this.names =
                senders.stream().map(MessageSender::channel).distinct().sorted().toList();
    }

    /**
     * The names. A statement has them as {@code array[:channels]}: with an array as one parameter PostgreSQL expects ten of
     * them in a generic plan, takes that for dearer, and plans each claim anew.
     */
    List<String> names() {
        return names;
    }
}

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

    List<String> names() {
        return names;
    }
}

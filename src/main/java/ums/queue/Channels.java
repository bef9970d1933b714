package ums.queue;

import java.util.List;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import ums.channel.MessageSender;

/** The channels of this process. It claims, relays and counts the entries of these only; another process may know more. */
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

    /** As a parameter of a statement. */
    SqlArrayValue array() {
        return new SqlArrayValue("text", names.toArray());
    }
}

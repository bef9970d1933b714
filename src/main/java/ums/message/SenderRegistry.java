package ums.message;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import ums.channel.MessageSender;

/** This process's channels by name. The ledger may hold messages of others, which another version wrote. */
@Component
class SenderRegistry {

    private final Map<String, MessageSender> byChannel;

    SenderRegistry(List<MessageSender> senders) {
        this.byChannel = senders.stream().collect(Collectors.toMap(MessageSender::channel, Function.identity()));
    }

    Optional<MessageSender> find(String channel) {
        return Optional.ofNullable(byChannel.get(channel));
    }

    /** For people. */
    String names() {
        return byChannel.keySet().stream().sorted().collect(Collectors.joining(", "));
    }
}

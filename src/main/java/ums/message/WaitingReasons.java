package ums.message;

import java.time.Clock;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import ums.channel.MessageSender;
import ums.channel.MessageSender.Availability;
import ums.queue.Queue;
import ums.reading.Reads;

/** Finds out why a message is not sent yet: from its row, its channel, and its position in the queue. */
@Component
class WaitingReasons {

    private final SenderRegistry senders;
    private final Queue queue;
    private final Reads reads;
    private final Clock clock;

    WaitingReasons(SenderRegistry senders, Queue queue, Reads reads, Clock clock) {
        this.senders = senders;
        this.queue = queue;
        this.reads = reads;
        this.clock = clock;
    }

    /** The reason, or null where the message is sent, or never will be. Without a position while lists keep the database busy. */
    @Nullable Waiting of(Message message) {
        Optional<MessageSender> sender = senders.find(message.channel());
        return Waiting.of(
                message,
                sender.map(MessageSender::availability).orElse(Availability.AVAILABLE),
                sender.map(MessageSender::rate).orElse(OptionalDouble.empty()),
                () -> reads.readIfIdle(message.client(), () -> queue.position(message.id()))
                        .flatMap(Function.identity()),
                clock.instant());
    }
}

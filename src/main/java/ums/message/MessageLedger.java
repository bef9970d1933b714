package ums.message;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import ums.channel.Channel;
import ums.channel.Channels;
import ums.channel.Content;
import ums.channel.Delivery;

/** The ledger in PostgreSQL. */
@Service
class MessageLedger implements MessageService {

    private final Intake intake;
    private final MessageSearch search;
    private final MessageEndings endings;
    private final WaitingReasons waiting;
    private final Channels channels;
    private final Clock clock;

    MessageLedger(
            Intake intake,
            MessageSearch search,
            MessageEndings endings,
            WaitingReasons waiting,
            Channels channels,
            Clock clock) {
        this.intake = intake;
        this.search = search;
        this.endings = endings;
        this.waiting = waiting;
        this.channels = channels;
        this.clock = clock;
    }

    @Override
    public Accepted accept(NewMessage message) {
        return switch (intake.accept(message)) {
            case Accepted accepted -> accepted;
            case Refused refused -> throw refused.reason();
        };
    }

    @Override
    @Transactional(propagation = Propagation.NEVER)
    public List<Acceptance> acceptAll(List<NewMessage> messages) {
        return intake.acceptAll(messages);
    }

    @Override
    @Transactional
    public Optional<Message> cancel(Owner owner, UUID id) {
        Optional<Message> before = search.find(owner, id);
        if (before.isEmpty()) {
            return before;
        }
        boolean canceled = endings.cancel(id, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        Optional<Message> after = search.find(owner, id);
        if (!canceled) {
            MessageStatus status =
                    after.or(() -> before).orElseThrow().progress().status();
            // A status that can be canceled means that an attempt was in progress a moment ago and is over by now.
            throw new NotCancelableException(
                    status.next().contains(MessageStatus.CANCELED) ? MessageStatus.PROCESSING : status);
        }
        return after;
    }

    @Override
    public @Nullable Waiting waiting(Message message) {
        return waiting.of(message);
    }

    @Override
    public Optional<byte[]> rendered(Message message) {
        Content content = message.content();
        return content == null
                ? Optional.empty()
                : channels.find(message.channel()).flatMap(it -> rendered(it, delivery(message, content)));
    }

    private static Optional<byte[]> rendered(Channel<Content> channel, Delivery<Content> delivery) {
        try {
            return Optional.of(channel.rendered(delivery));
        } catch (RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Delivery<Content> delivery(Message message, Content content) {
        return new Delivery<>(
                message.id(),
                Options.date(message.progress().createdAt(), message.options().scheduledAt()),
                content,
                message.recipients().stream().map(RecipientState::recipient).toList(),
                System.nanoTime(),
                () -> false);
    }

    @Override
    public Optional<Message> find(@Nullable Owner owner, UUID id) {
        return search.find(owner, id);
    }

    @Override
    public Optional<List<TimelineEvent>> events(@Nullable Owner owner, UUID id) {
        return search.events(owner, id);
    }
}

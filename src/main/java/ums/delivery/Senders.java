package ums.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import ums.channel.Delivery;
import ums.channel.MessageSender;
import ums.channel.Outcome;
import ums.channel.RecipientOutcome;
import ums.message.TraceContext;
import ums.queue.RateLimiter;

/** The senders of this process's channels: which can send now, how many messages their rates permit, and the send itself. */
final class Senders {

    private final Map<String, MessageSender> byChannel;
    private final RateLimiter rateLimiter;
    private final TraceContext trace;

    Senders(List<MessageSender> senders, RateLimiter rateLimiter, TraceContext trace) {
        this.byChannel = senders.stream().collect(Collectors.toMap(MessageSender::channel, Function.identity()));
        this.rateLimiter = rateLimiter;
        this.trace = trace;
    }

    /** Whether any channel can send now. */
    boolean anyAvailable() {
        return byChannel.values().stream().anyMatch(it -> it.availability().available());
    }

    /** Whether the message's channel can send now; true for an unknown channel, as its attempt fails at once. */
    boolean isAvailable(ClaimedMessage claimed) {
        MessageSender sender = byChannel.get(claimed.claim().channel());
        return sender == null || sender.availability().available();
    }

    /** The bulkhead of a message. */
    String bulkhead(ClaimedMessage claimed) {
        MessageSender sender = byChannel.get(claimed.claim().channel());
        return sender == null ? "" : sender.bulkhead(claimed.message().content());
    }

    /** Whether a rate limit must be asked before a claim. */
    boolean isRateLimited() {
        return limited().isPresent();
    }

    /** Acquires sends from the rate limit, {@code wanted} at most. */
    int acquire(int wanted) {
        return limited()
                .map(it -> rateLimiter.acquire(it.channel(), it.rate().orElseThrow(), wanted))
                .orElse(wanted);
    }

    /** Returns acquired sends that were not used. */
    void giveBack(int unused) {
        if (unused > 0) {
            limited()
                    .ifPresent(
                            it -> rateLimiter.giveBack(it.channel(), it.rate().orElseThrow(), unused));
        }
    }

    /** The channel with a rate limit, if there is one. */
    private Optional<MessageSender> limited() {
        return byChannel.values().stream().filter(it -> it.rate().isPresent()).findFirst();
    }

    /** Blocks until the provider has answered, or did not in time. */
    List<RecipientOutcome> send(ClaimedMessage claimed, Delivery delivery) {
        String channel = claimed.claim().channel();
        MessageSender sender = byChannel.get(channel);
        return sender == null
                ? RecipientOutcome.all(
                        delivery.recipients(), new Outcome.Invalid("there is no channel " + channel + " any more"))
                : trace.attempt(claimed.subject(), () -> sender.send(delivery));
    }
}

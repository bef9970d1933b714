package ums.failure;

import java.util.List;
import ums.message.Message;
import ums.message.RecipientState;
import ums.message.RecipientState.Status;

/**
 * The recipients of a message, by the effect of a retry ({@link Failures#retry}).
 *
 * @param again would be sent the message, and do not have it
 * @param perhapsTwice would be sent the message, and may have it already: their outcome is unknown
 * @param spared have the message and would not be sent it again
 */
public record RetryEffect(List<String> again, List<String> perhapsTwice, List<String> spared) {

    /** The effect on the message in its present state. */
    public static RetryEffect of(Message message) {
        return new RetryEffect(
                addresses(message, Status.PENDING, Status.REFUSED),
                addresses(message, Status.UNKNOWN),
                addresses(message, Status.SENT));
    }

    private static List<String> addresses(Message message, Status... statuses) {
        return message.recipients().stream()
                .filter(it -> List.of(statuses).contains(it.status()))
                .map(RecipientState::address)
                .toList();
    }
}

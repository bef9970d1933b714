package ums.failure;

import java.util.List;
import ums.message.Message;
import ums.message.RecipientState;
import ums.message.RecipientState.Status;

/**
 * What a retry of a message would do, for whoever is to decide about it: {@link Failures#retry} names everybody who has not
 * got it for certain.
 *
 * @param again who would be sent it and has not got it
 * @param perhapsTwice who would be sent it and may have it already: nobody can know
 * @param spared who has it and would not be named
 */
public record RetryEffect(List<String> again, List<String> perhapsTwice, List<String> spared) {

    /** Of the message as it stands now. */
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

package ums.message;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.InvalidContentException;

/** The ledger's front door, for the API and for businesses in this process. */
public interface MessageService {

    /**
     * Accepts a message: it is in the ledger and in the queue, or nothing is. Joins an open transaction of the caller's
     * (then it counts with that one's commit), else makes its own and returns after the commit.
     *
     * <p>With an idempotency key one message exists however many requests arrive at once; all but one get it as a
     * replay.
     *
     * @throws InvalidContentException with every fault found; nothing was stored
     * @throws SenderNotAllowedException where the caller may not send as that address
     * @throws IdempotencyKeyReusedException where the key stands for another request
     */
    Accepted accept(NewMessage message);

    /**
     * An owner's message; empty where it is another's, too.
     *
     * @param owner null for an admin, who sees all
     */
    Optional<Message> find(@Nullable Owner owner, UUID id);

    /**
     * Accepts several messages, each as if it came alone; returns after the commits. They go in a few transactions, so a
     * caller who gets an exception does not know which of them were accepted: he repeats all with the same keys.
     *
     * @return what became of each, in their order
     * @throws org.springframework.transaction.IllegalTransactionStateException within a transaction of the caller's: one
     *     fault would take all of it back
     */
    List<Acceptance> acceptAll(List<NewMessage> messages);

    /**
     * Calls off an owner's message that waits in the queue, unclaimed.
     *
     * @return the message as it is then; empty where it is another's, too
     * @throws NotCancelableException where it does not wait any more
     */
    Optional<Message> cancel(Owner owner, UUID id);

    /** Why a message is not sent yet, or null where it is, or never will be. */
    @Nullable Waiting waiting(Message message);

    /** The whole message as its channel sends it; empty where that has no such form. */
    Optional<byte[]> rendered(Message message);

    /**
     * The timeline of an owner's message, oldest first; empty where the message is another's, too.
     *
     * @param owner null for an admin, who sees all
     */
    Optional<List<TimelineEvent>> events(@Nullable Owner owner, UUID id);
}

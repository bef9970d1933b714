package ums.message;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Accepts, finds and cancels messages, for the API and for other packages such as loan. */
public interface MessageService {

    /**
     * Accepts a message: inserts it and its queue entry. Joins the caller's transaction if there is one, and is valid with its
     * commit; else returns after a commit of its own.
     *
     * <p>With an idempotency key there is one message, however many requests arrive at once; the others are replays of it.
     *
     * @throws InvalidContentException with every violation; nothing was stored
     * @throws SenderNotAllowedException if the API key is not for that address
     * @throws IdempotencyKeyReusedException if the key belongs to another request
     */
    Accepted accept(NewMessage message);

    /**
     * A message; empty too if it is another owner's.
     *
     * @param owner null for an admin, who may see all
     */
    Optional<Message> find(@Nullable Owner owner, UUID id);

    /**
     * Accepts several messages, each as if it came alone; returns after the commits. It makes a few transactions, so after an
     * exception the caller does not know which messages were accepted, and repeats all of them with the same keys.
     *
     * @return the answers, in the sequence of the messages
     * @throws org.springframework.transaction.IllegalTransactionStateException within a transaction, which one fault would roll
     *     back
     */
    List<Acceptance> acceptAll(List<NewMessage> messages);

    /**
     * Cancels a message that waits in the queue and is not claimed.
     *
     * @return the message, canceled; empty if there is none, or it is another owner's
     * @throws NotCancelableException if it is claimed or has ended
     */
    Optional<Message> cancel(Owner owner, UUID id);

    /** Why a message is not sent yet, or null if it has ended. */
    @Nullable Waiting waiting(Message message);

    /** The complete message as its channel sends it; empty if the channel has no such form. */
    Optional<byte[]> rendered(Message message);

    /**
     * The timeline of a message, oldest first; empty too if it is another owner's.
     *
     * @param owner null for an admin, who may see all
     */
    Optional<List<TimelineEvent>> events(@Nullable Owner owner, UUID id);
}

package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.channel.email.FailingEmailSender;
import ums.channel.email.NoopEmailSender;
import ums.failure.FailureFilter;
import ums.failure.Failures;
import ums.message.Message;
import ums.message.MessageStatus;
import ums.provider.EmailProvider;
import ums.provider.Outcome;
import ums.provider.Providers;
import ums.provider.Reply;
import ums.queue.Claimant;
import ums.queue.Claimant.Allowance;
import ums.queue.Orphans;

/**
 * The first provider may have a message. A process claims it while the first is away, so that the claim names the second, and
 * dies before it has seen where the message is bound.
 */
class BoundMessageTest extends DispatchStory {

    private static final Outcome UNKNOWN = new Outcome.Unknown("FINAL_DOT", "lost");
    private static final Outcome SENT = new Outcome.Sent(new Reply(250, "ok"));

    @Autowired
    Failures failures;

    private final FailingEmailSender a = new FailingEmailSender(UNKNOWN);
    private final NoopEmailSender b = new NoopEmailSender();

    @Test
    void theRetryOfADeadProcessLeavesItBound() throws InterruptedException {
        UUID id = accept();
        pollAndSettle(dispatcher(route()));

        clock.advance(Duration.ofHours(1));
        queue.releaseDue(clock.instant(), 10);
        claimedByADeadProcessAtTheSecond();

        assertSentByTheFirst(id);
    }

    @Test
    void anAdminsRetryByADeadProcessLeavesItBound() throws InterruptedException {
        UUID id = acceptForReview();
        pollAndSettle(dispatcher(route()));
        UUID failure = failures.list(new FailureFilter(false, null, null, 100)).stream()
                .filter(it -> it.messageId().equals(id))
                .findFirst()
                .orElseThrow()
                .id();

        failures.retry(failure, "root", "it was not seen");
        claimedByADeadProcessAtTheSecond();

        assertSentByTheFirst(id);
    }

    private void claimedByADeadProcessAtTheSecond() {
        Claimant dead = new Claimant("dead", false, Map.of("email", new Allowance("b", 10)));
        assertThat(queue.claim(UUID.randomUUID(), dead, 1)).hasSize(1);
        assertThat(staleClaims().rescue(Orphans.ALL)).isEqualTo(1);
    }

    /** At its second attempt: the dead process's was none. */
    private void assertSentByTheFirst(UUID id) throws InterruptedException {
        Message rescued = message(id);
        assertThat(rescued.progress().provider()).isEqualTo("a");
        assertThat(rescued.progress().bound()).isTrue();
        assertThat(rescued.progress().attemptCount()).isEqualTo(1);

        a.failWith(SENT);
        pollAndSettle(dispatcher(route()));

        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(b.taken()).isEmpty();
        assertThat(a.attempts()).isEqualTo(2);
    }

    private Providers route() {
        return EmailProvider.route(Map.of("a", a, "b", b));
    }
}

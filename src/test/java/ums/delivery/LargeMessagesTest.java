package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ums.channel.email.EmailContent;
import ums.channel.email.EmailSender;
import ums.channel.email.NoopEmailSender;
import ums.message.LoadedMessage;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Options;
import ums.message.Sender;

/** The memory for large messages is bounded, however many are due at once, and small ones are sent meanwhile. */
class LargeMessagesTest extends DispatchStory {

    private static final int LENGTH = 300_000;

    private final NoopEmailSender provider = new NoopEmailSender();
    private final CountDownLatch finish = new CountDownLatch(1);
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    /** Capacity for two. */
    @BeforeEach
    void littleMemory() {
        memory = 2 * 8 * (LENGTH + 1_000);
    }

    @Test
    void aClaimReadsNoLongContent() {
        UUID large = acceptLarge();
        UUID small = accept();

        List<LoadedMessage> loaded = repository.load(List.of(large, small));

        assertThat(loaded).hasSize(2).allSatisfy(it -> {
            boolean isLarge = it.id().equals(large);
            assertThat(it.unread() > 0).isEqualTo(isLarge);
            assertThat(it.content()).isInstanceOfSatisfying(EmailContent.class, content -> {
                assertThat(content.text() == null).isEqualTo(isLarge);
                assertThat(content.to()).containsExactly("kim@example.com");
            });
        });
        assertThat(repository.loadWithoutContent(List.of(small)).getFirst().content())
                .isNull();
    }

    @Test
    void aMessageThatDoesNotFitIsSnoozedWithoutAnAttemptAndSmallOnesOvertakeIt() throws Exception {
        List<UUID> large = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            large.add(acceptLarge());
        }
        UUID small = accept();
        Dispatcher dispatcher = dispatcher(counting(), 10);

        dispatcher.poll();

        await().until(() -> message(small).progress().status() == MessageStatus.SENT);
        await().until(() -> dispatcher.inFlight() == 2);
        assertThat(outboxRows("next_attempt_at is not null and attempt_count = 0"))
                .isEqualTo(4);

        finish.countDown();
        for (int polls = 0; polls < 20 && outboxRows("not published") > 0; polls++) {
            awaitSettled(dispatcher);
            clock.advance(Duration.ofMinutes(1));
            dispatcher.poll();
        }
        awaitSettled(dispatcher);
        assertThat(large).allSatisfy(id -> {
            assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
            assertThat(message(id).progress().attemptCount()).isEqualTo(1);
        });
        assertThat(mostAtOnce.get()).isLessThanOrEqualTo(2);
        assertThat(provider.taken()).hasSize(7);
    }

    @Test
    void aLargeMessageIsNotClaimedOnInsert() throws Exception {
        Dispatcher dispatcher = dispatcher(provider);
        directly.set(new DirectDispatch(dispatcher, claims));
        dispatcher.poll();

        UUID id = acceptLarge();

        assertThat(outboxRows("claim_token is not null")).isZero();
        pollAndSettle(dispatcher);
        assertThat(message(id).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    private UUID acceptLarge() {
        EmailContent content = new EmailContent(
                null,
                List.of("kim@example.com"),
                List.of(),
                List.of(),
                null,
                "A subject",
                "x".repeat(LENGTH),
                null,
                Map.of());
        return messages.accept(
                        new NewMessage(new Sender(CLIENT, false, Set.of()), "email", content, Options.NONE, null))
                .id();
    }

    private EmailSender counting() {
        return email -> {
            if (email.bytes().length < LENGTH) {
                return provider.send(email);
            }
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            awaitLatch(finish);
            atOnce.decrementAndGet();
            return provider.send(email);
        };
    }
}

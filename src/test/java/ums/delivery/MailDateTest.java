package ums.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import ums.channel.email.Email;
import ums.channel.email.NoopEmailSender;
import ums.message.MessageStatus;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;
import ums.queue.Orphans;

/** A mail is dated by the time at which it was ready to be sent, whatever the number of its attempts. */
class MailDateTest extends DispatchStory {

    private final List<Email> seen = new CopyOnWriteArrayList<>();

    @Test
    void aScheduledMailIsDatedByItsScheduleAtEveryAttempt() throws Exception {
        Dispatcher dispatcher = dispatcher(this::takeTheThird);
        Instant at = clock.instant().plus(Duration.ofDays(7)).plusMillis(1);
        UUID id = acceptFor(at);

        clock.set(at.plus(Duration.ofHours(9)));
        while (message(id).progress().status() != MessageStatus.SENT) {
            pollAndSettle(dispatcher);
            clock.set(clock.instant().plus(Duration.ofHours(1)));
        }

        assertThat(seen).hasSize(3);
        assertThat(seen).extracting(MailDateTest::date).containsOnly(at.truncatedTo(ChronoUnit.SECONDS));
        byte[] shown = messages.rendered(message(id)).orElseThrow();
        assertThat(seen).allSatisfy(it -> assertThat(it.bytes()).isEqualTo(shown));
    }

    @Test
    void aRescuedMailKeepsItsDate() throws Exception {
        Instant at = clock.instant().plus(Duration.ofDays(1)).plusMillis(1);
        UUID id = acceptFor(at);
        clock.set(at.plusSeconds(1));
        CountDownLatch finish = new CountDownLatch(1);
        Dispatcher stuck = dispatcher(email -> {
            seen.add(email);
            awaitLatch(finish);
            return new NoopEmailSender().send(email);
        });
        stuck.poll();
        age(Duration.ofMinutes(3));
        await().until(() -> !seen.isEmpty());
        staleClaims().rescue(Orphans.ALL);

        clock.set(clock.instant().plus(Duration.ofDays(1)));
        pollAndSettle(dispatcher(this::takeTheThird));
        finish.countDown();
        awaitSettled(stuck);

        assertThat(seen).hasSize(2).extracting(MailDateTest::date).containsOnly(at.truncatedTo(ChronoUnit.SECONDS));
        assertThat(seen.getFirst().bytes()).isEqualTo(seen.getLast().bytes());
        assertThat(message(id).progress().attemptCount()).isEqualTo(2);
    }

    @Test
    void anUnscheduledMailIsDatedByItsAcceptance() throws Exception {
        Dispatcher dispatcher = dispatcher(this::takeTheThird);
        pollAndSettle(dispatcher);
        Instant now = clock.instant();
        accept();
        acceptFor(now.minus(Duration.ofDays(1)));
        directly.set(new DirectDispatch(dispatcher, claims));
        accept();
        awaitSettled(dispatcher);
        clock.set(now.plus(Duration.ofHours(1)));
        pollAndSettle(dispatcher);

        assertThat(seen)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(it -> assertThat(date(it)).isEqualTo(now.truncatedTo(ChronoUnit.SECONDS)));
    }

    private List<RecipientOutcome> takeTheThird(Email email) {
        seen.add(email);
        Outcome outcome = seen.size() < 3
                ? new Outcome.Deferred("RCPT", new Reply(451, "4.7.1 Greylisted"))
                : new Outcome.Sent(new Reply(250, "2.0.0 taken"));
        return RecipientOutcome.all(email.recipients(), outcome);
    }

    private static Instant date(Email email) {
        String mail = new String(email.bytes(), UTF_8);
        int start = mail.indexOf("Date: ") + "Date: ".length();
        return ZonedDateTime.parse(
                        mail.substring(start, mail.indexOf("\r\n", start)), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }
}

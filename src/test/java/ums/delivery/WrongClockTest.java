package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.SettableClock;
import ums.channel.email.NoopEmailSender;
import ums.clock.ClockSkew;
import ums.clock.Clocks;
import ums.clock.Clocks.Reading;
import ums.message.Expiry;
import ums.message.LoadedMessage;
import ums.message.MessageStatus;
import ums.message.Purpose;
import ums.message.Ruling;
import ums.message.SendingRule;
import ums.retention.Retention;

/** A process whose clock does not agree with the database's does nothing by its clock on behalf of all. */
class WrongClockTest extends DispatchStory {

    @Autowired
    Expiry expiry;

    @Autowired
    Retention retention;

    private final SettableClock wall = new SettableClock();
    private final Clocks clocks = new Clocks(() -> 0, wall);
    private final ClockSkew skew = new ClockSkew(clocks);

    @Test
    void itExpiresAndRemovesNothing() throws Exception {
        Housekeeping housekeeping = new Housekeeping(retention, expiry, skew);
        UUID sent = accept();
        pollAndSettle(dispatcher(new NoopEmailSender()));
        acceptUntil(clock.instant().plusSeconds(1_800));
        ahead(Duration.ofHours(24 * 91));
        clock.advance(Duration.ofDays(91));

        housekeeping.expireMessages();
        housekeeping.removeOldRows();
        assertThat(outboxRows("expires_at is not null and not published")).isEqualTo(1);
        assertThat(messages.find(OWNER, sent)).isPresent();

        ahead(Duration.ZERO);
        housekeeping.expireMessages();
        housekeeping.removeOldRows();

        assertThat(outboxRows("expires_at is not null and not published")).isZero();
        assertThat(messages.find(OWNER, sent)).isEmpty();
    }

    @Test
    void itMakesNoEntryReadyAndSendsReadyOnes() throws Exception {
        UUID scheduled = acceptFor(clock.instant().plusSeconds(1_800));
        UUID ready = accept();
        Dispatcher dispatcher = dispatcher(new NoopEmailSender());
        clockAgrees = false;
        clock.advance(Duration.ofHours(1));

        pollAndSettle(dispatcher);
        assertThat(message(scheduled).progress().status()).isEqualTo(MessageStatus.ACCEPTED);
        assertThat(message(ready).progress().status()).isEqualTo(MessageStatus.SENT);
        clockAgrees = true;
        clock.advance(Duration.ofSeconds(6));
        pollAndSettle(dispatcher);

        assertThat(message(scheduled).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void aClockThatWasSetBackDoesNotStopTheScansForDueEntries() throws Exception {
        Dispatcher dispatcher = dispatcher(new NoopEmailSender());
        clock.advance(Duration.ofHours(1));
        pollAndSettle(dispatcher);
        clock.advance(Duration.ofHours(-1));
        UUID retried = acceptFor(clock.instant().plusSeconds(1));
        clock.advance(Duration.ofSeconds(2));

        pollAndSettle(dispatcher);

        assertThat(message(retried).progress().status()).isEqualTo(MessageStatus.SENT);
    }

    @Test
    void anEntryThatIsDueByItsClockOnlyWaits() {
        Instant inHalfAnHour = clock.instant().plusSeconds(1_800);
        clock.advance(Duration.ofHours(1));

        acceptFor(inHalfAnHour);

        assertThat(outboxRows("next_attempt_at is not null")).isEqualTo(1);
    }

    @Test
    void aRuleOfHoursIsNotAskedAndItsMessageWaitsByTheDatabasesClock() {
        SendingRule allowed = new SendingRule() {
            @Override
            public Purpose purpose() {
                return Purpose.COLLECTION;
            }

            @Override
            public Ruling decide(LoadedMessage message) {
                return Ruling.ALWAYS;
            }
        };
        SendingRule rule = new RightClockRule(allowed, clock, skew);
        LoadedMessage message = repository.load(List.of(accept())).getFirst();

        assertThat(rule.decide(message)).isInstanceOf(Ruling.Waits.class);
        ahead(Duration.ofHours(1));
        clock.advance(Duration.ofHours(1));
        assertThat(((Ruling.Waits) rule.decide(message)).until())
                .isBetween(Instant.now(), Instant.now().plusSeconds(120));
        ahead(Duration.ZERO);
        assertThat(rule.decide(message)).isEqualTo(Ruling.ALWAYS);
    }

    private void ahead(Duration ahead) {
        Reading now = clocks.read();
        skew.measured(now, now.wall().minus(ahead));
    }
}

package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ums.channel.Recipient;
import ums.provider.Outcome;
import ums.provider.RecipientOutcome;
import ums.provider.Reply;

/** The contract's table "an attempt at provider A ended with … next". */
class FailoverPolicyTest {

    private static final Recipient KIM = new Recipient("kim@example.com", Recipient.Kind.TO);
    private static final Recipient SU = new Recipient("su@example.com", Recipient.Kind.CC);

    private static final Outcome SENT = new Outcome.Sent(new Reply(250, "ok"));
    private static final Outcome DEFERRED = new Outcome.Deferred("RCPT", new Reply(451, "later"));
    private static final Outcome REJECTED = new Outcome.Rejected("RCPT", new Reply(550, "no"));
    private static final Outcome DISCONNECTED = new Outcome.Disconnected("CONNECT", "refused", null);
    private static final Outcome TIMED_OUT = new Outcome.TimedOut("MAIL", "silent");
    private static final Outcome UNKNOWN = new Outcome.Unknown("FINAL_DOT", "lost");
    private static final Outcome AUTHENTICATION =
            new Outcome.AuthenticationRefused("AUTH", "535", new Reply(535, "no"));
    private static final Outcome ACCOUNT = new Outcome.AccountRefused("MAIL", new Reply(550, "not registered here"));
    private static final Outcome INVALID = new Outcome.Invalid("too long");
    private static final Outcome CALLED_OFF = new Outcome.CalledOff("the claim was lost");

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(SENT, false, false),
                Arguments.of(DEFERRED, false, true),
                Arguments.of(REJECTED, false, false),
                Arguments.of(DISCONNECTED, true, true),
                Arguments.of(TIMED_OUT, true, true),
                Arguments.of(UNKNOWN, false, false),
                Arguments.of(AUTHENTICATION, true, true),
                Arguments.of(ACCOUNT, true, true),
                Arguments.of(INVALID, false, false),
                Arguments.of(CALLED_OFF, false, false));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void theOutcomeDecidesWhetherTheNextProviderIsAsked(Outcome outcome, boolean next, boolean nextOnDeferred) {
        assertThat(next(false, outcome)).isEqualTo(next ? List.of(KIM) : List.of());
        assertThat(next(true, outcome)).isEqualTo(nextOnDeferred ? List.of(KIM) : List.of());
    }

    @Test
    void onlyThoseWhoMayGoOnDo() {
        assertThat(next(false, REJECTED, TIMED_OUT)).containsExactly(SU);
        assertThat(next(true, DEFERRED, REJECTED)).containsExactly(KIM);
    }

    @Test
    void besideSomebodyWhoHasTheMessageNobodyGoesOn() {
        assertThat(next(false, SENT, DISCONNECTED)).isEmpty();
        assertThat(next(true, DEFERRED, SENT)).isEmpty();
        assertThat(next(false, ACCOUNT, SENT)).isEmpty();
    }

    @Test
    void afterAnUnknownOutcomeNobodyGoesOn() {
        assertThat(next(true, DISCONNECTED, UNKNOWN)).isEmpty();
        assertThat(next(true, UNKNOWN, DEFERRED)).isEmpty();
        assertThat(next(true, DISCONNECTED, CALLED_OFF)).isEmpty();
    }

    private static List<Recipient> next(boolean onDeferred, Outcome kim) {
        return FailoverPolicy.next(List.of(new RecipientOutcome(KIM, kim)), onDeferred);
    }

    private static List<Recipient> next(boolean onDeferred, Outcome kim, Outcome su) {
        return FailoverPolicy.next(List.of(new RecipientOutcome(KIM, kim), new RecipientOutcome(SU, su)), onDeferred);
    }
}

package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ums.provider.Outcome;

/** The phase when the write that contains the final dot begins, seen from inside that write. */
class SmtpWireTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final SmtpWatchdog watchdog = SmtpWatchdog.start(LONG, () -> {});
    private final List<String> writes = new ArrayList<>();
    private final List<SmtpPhase> phases = new ArrayList<>();
    private SmtpWire wire;

    @AfterEach
    void stop() {
        wire.close();
        watchdog.stop();
    }

    @Test
    void aSmallBodyIsOneWriteInThePhaseFinalDot() throws Exception {
        open(SmtpDeadline.NEVER, Integer.MAX_VALUE, "");

        wire.writeBody(body(2_000), () -> true, () -> "");

        assertThat(phases).containsExactly(SmtpPhase.FINAL_DOT);
        assertThat(writes.getFirst()).endsWith("x\r\n.\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {-3, -2, -1, 0, 1, 2, 3})
    void onlyTheLastWriteOfALargeBodyContainsTheDot(int more) throws Exception {
        open(SmtpDeadline.NEVER, Integer.MAX_VALUE, "");

        wire.writeBody(body(3 * SmtpWire.CHUNK + more), () -> true, () -> "");

        assertThat(phases.getLast()).isEqualTo(SmtpPhase.FINAL_DOT);
        assertThat(phases.subList(0, phases.size() - 1)).hasSizeBetween(2, 3).containsOnly(SmtpPhase.BODY);
        assertThat(writes.getLast()).endsWith(".\r\n");
        assertThat(writes.subList(0, writes.size() - 1)).noneMatch(write -> write.contains("."));
    }

    @Test
    void aFailedFinalWriteIsUnknownEvenAfterAPositiveReply() throws Exception {
        open(SmtpDeadline.NEVER, 0, "250 taken\r\n");

        wire.writeBody(body(2_000), () -> true, () -> "");

        assertThat(SmtpFixtures.words(faultOf(() -> wire.read(SmtpPhase.FINAL_DOT))))
                .isEqualTo("UNKNOWN_OUTCOME at FINAL_DOT");
        assertThat(wire.endUse(false)).isFalse();
    }

    @Test
    void aRefusalCountsAlthoughTheFinalWriteFailed() throws Exception {
        open(SmtpDeadline.NEVER, 0, "552 too much\r\n");

        wire.writeBody(body(2_000), () -> true, () -> "");

        assertThat(wire.read(SmtpPhase.FINAL_DOT).code()).isEqualTo(552);
    }

    @Test
    void anEarlierWriteThatFailsIsNotUnknown() throws Exception {
        open(SmtpDeadline.NEVER, 1, "");

        assertThat(SmtpFixtures.words(faultOf(() -> wire.writeBody(body(3 * SmtpWire.CHUNK), () -> true, () -> ""))))
                .isEqualTo("CONNECTION at BODY");
    }

    @Test
    void anAttemptCutOffBeforeTheFinalWriteIsNotUnknown() throws Exception {
        open(SmtpDeadline.now(), Integer.MAX_VALUE, "");

        assertThat(SmtpFixtures.words(faultOf(() -> wire.writeBody(body(2_000), () -> true, () -> ""))))
                .isEqualTo("TIMEOUT at BODY");
        assertThat(writes).isEmpty();
    }

    private void open(long attemptEnd, int goodWrites, String answers) throws IOException {
        wire = new SmtpWire(
                new StubSocket(goodWrites, answers),
                SmtpFixtures.at("scripted", 25, null, SmtpServer.Tls.OFF, LONG),
                attemptEnd,
                watchdog);
    }

    private static Outcome faultOf(ThrowingCallable step) {
        return catchThrowableOfType(SmtpFault.class, step).outcome();
    }

    private static byte[] body(int size) {
        return ("x".repeat(size - 2) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Records the phase in which each write begins, and fails after so many. */
    private final class StubSocket extends Socket {

        private final int goodWrites;
        private final InputStream answers;

        private StubSocket(int goodWrites, String answers) {
            this.goodWrites = goodWrites;
            this.answers = new ByteArrayInputStream(answers.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public InputStream getInputStream() {
            return answers;
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int octet) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    phases.add(wire.phase());
                    writes.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
                    if (writes.size() > goodWrites) {
                        throw new IOException("broken pipe");
                    }
                }
            };
        }
    }
}

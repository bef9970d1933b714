package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread keeps the deadlines of all connections: no fault ends it unnoticed. */
class SmtpWatchdogTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<SmtpWire> wires = new ArrayList<>();
    private SmtpWatchdog watchdog;

    @AfterEach
    void stop() {
        wires.forEach(SmtpWire::close);
        watchdog.stop();
    }

    @Test
    void aChoreThatRunsOutOfStackOrMemoryTakesNoDeadlineFromAConnection() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        watchdog = SmtpWatchdog.start(SHORT, () -> {
            if (rounds.incrementAndGet() == 1) {
                throw new StackOverflowError("in the first round");
            }
            throw new OutOfMemoryError("in every other");
        });
        await().until(() -> rounds.get() > 2);

        StubSocket socket = waiting(0);

        await().until(socket::isGivenUp);
        assertThat(watchdog.isGone()).isFalse();
    }

    @Test
    void aConnectionThatCannotBeClosedIsTriedAgainAndKeepsNoOtherOpen() throws Exception {
        watchdog = SmtpWatchdog.start(SHORT, () -> {});
        List<StubSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sockets.add(waiting(i % 3));
        }

        await().until(() -> sockets.stream().allMatch(StubSocket::isGivenUp));

        assertThat(watchdog.isGone()).isFalse();
    }

    @Test
    void aFaultThatCannotBeLoggedEndsItAndItReportsThat() {
        watchdog = SmtpWatchdog.start(SHORT, () -> {
            throw new OutOfMemoryError() {
                @Override
                public String toString() {
                    throw new OutOfMemoryError("for the telling, too");
                }
            };
        });

        await().dontCatchUncaughtExceptions().until(watchdog::isGone);
    }

    /** A connection whose server has not answered yet. */
    private StubSocket waiting(int faultyCloses) throws Exception {
        StubSocket socket = new StubSocket(faultyCloses);
        SmtpWire wire = new SmtpWire(
                socket, SmtpFixtures.at("scripted", 25, null, SmtpServer.Tls.OFF, SHORT), SmtpDeadline.NEVER, watchdog);
        wires.add(wire);
        wire.put("MAIL FROM:<>\r\n").flush(SmtpPhase.MAIL);
        return socket;
    }

    /** One that cannot be closed so many times. */
    private static final class StubSocket extends Socket {

        private final AtomicInteger faultyCloses;
        private volatile boolean givenUp;

        private StubSocket(int faultyCloses) {
            this.faultyCloses = new AtomicInteger(faultyCloses);
        }

        private boolean isGivenUp() {
            return givenUp;
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {
            if (faultyCloses.getAndDecrement() > 0) {
                throw new StackOverflowError("as it is closed");
            }
            givenUp = true;
        }
    }
}

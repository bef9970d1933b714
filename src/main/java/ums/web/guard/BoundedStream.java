package ums.web.guard;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import ums.web.Problem;
import ums.web.ProblemException;

/** A body that must not be too long, nor take too long: the container's own timeout begins anew with every byte. */
final class BoundedStream extends ServletInputStream {

    /** Who sends at least this much a second is not in the way. */
    static final long BYTES_A_SECOND = 32 * 1024;

    static final Problem TOO_SLOW = Problem.of(
            HttpStatus.REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "The body did not arrive in time; nothing was stored.");

    private final ServletInputStream body;
    private final DataSize longest;
    private final Duration patience;
    private final Problem tooLarge;
    private final BodyMemory memory;
    private final long startedAt = System.nanoTime();
    private long read;

    /**
     * @param longest how long it may be
     * @param patience see {@link #isLate}
     * @param tooLarge what who sends more is told
     */
    BoundedStream(ServletInputStream body, DataSize longest, Duration patience, Problem tooLarge, BodyMemory memory) {
        this.body = body;
        this.longest = longest;
        this.patience = patience;
        this.tooLarge = tooLarge;
        this.memory = memory;
    }

    @Override
    public int read() throws IOException {
        try {
            int octet = body.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        } catch (SocketTimeoutException e) {
            throw tooSlow(e);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int got = body.read(target, offset, length);
            count(Math.max(got, 0));
            return got;
        } catch (SocketTimeoutException e) {
            throw tooSlow(e);
        }
    }

    private void count(int octets) {
        read += octets;
        if (read > longest.toBytes()) {
            throw new ProblemException(tooLarge);
        }
        memory.add(octets);
        if (isLate(System.nanoTime() - startedAt, read, patience)) {
            throw new ProblemException(TOO_SLOW);
        }
    }

    /** Whether who has sent so much in so many nanoseconds has had his time. */
    static boolean isLate(long nanos, long octets, Duration patience) {
        return nanos > patience.toNanos() && nanos - patience.toNanos() > octets * 1_000_000_000L / BYTES_A_SECOND;
    }

    private static ProblemException tooSlow(SocketTimeoutException cause) {
        ProblemException slow = new ProblemException(TOO_SLOW);
        slow.initCause(cause);
        return slow;
    }

    @Override
    public boolean isFinished() {
        return body.isFinished();
    }

    @Override
    public boolean isReady() {
        return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        body.setReadListener(listener);
    }
}

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

/** A body bounded in length and in time. The container's own timeout restarts with every byte. */
final class BoundedStream extends ServletInputStream {

    /** The minimum rate; a body at this rate may take longer than the timeout. */
    static final long BYTES_A_SECOND = 32 * 1024;

    static final Problem TOO_SLOW = Problem.of(
            HttpStatus.REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "The body did not arrive in time; nothing was stored.");

    private final ServletInputStream body;
    private final DataSize longest;
    private final Duration timeout;
    private final Problem tooLarge;
    private final BodyMemory memory;
    private final long startedAt = System.nanoTime();
    private long read;

    /**
     * @param longest the maximum length
     * @param timeout see {@link #isLate}
     * @param tooLarge the problem for a longer body
     */
    BoundedStream(ServletInputStream body, DataSize longest, Duration timeout, Problem tooLarge, BodyMemory memory) {
        this.body = body;
        this.longest = longest;
        this.timeout = timeout;
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
        if (isLate(System.nanoTime() - startedAt, read, timeout)) {
            throw new ProblemException(TOO_SLOW);
        }
    }

    /** Whether a body has taken longer than the timeout plus the time its octets take at the minimum rate. */
    static boolean isLate(long nanos, long octets, Duration timeout) {
        return nanos > timeout.toNanos() && nanos - timeout.toNanos() > octets * 1_000_000_000L / BYTES_A_SECOND;
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

package ums.provider.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import ums.provider.Outcome;
import ums.provider.Reply;

/**
 * The socket of one connection with its buffers: collects commands, writes them in one go, reads replies, and tracks
 * the phase, which decides the outcome of an error. Every write, reply and handshake has a deadline. Not thread-safe,
 * but for {@link #cutIfPast}.
 */
final class SmtpWire implements AutoCloseable {

    /** A body up to this size goes out in one write, a larger one in writes of this size. */
    static final int CHUNK = 64 * 1024;

    private static final byte[] END_OF_DATA = {'.', '\r', '\n'};

    private final Socket socket;
    private final Duration timeout;
    private final SmtpPreset preset;
    private final SmtpDeadline deadline = new SmtpDeadline();
    private final SmtpWatchdog watchdog;
    private @Nullable SSLSocket encrypted;
    private OutputStream out;
    private SmtpReplyReader replies;
    private final SmtpWriteBuffer buffer = new SmtpWriteBuffer();
    private long attemptEnd;
    private SmtpPhase phase = SmtpPhase.CONNECT;
    private @Nullable IOException failedWrite;

    /**
     * @param socket a connected socket
     * @param server how long each write and each reply may take, and whose replies they are
     * @param attemptEnd the instant at which the attempt is cut off, whatever it is doing
     */
    SmtpWire(Socket socket, SmtpServer server, long attemptEnd, SmtpWatchdog watchdog) throws IOException {
        this.socket = socket;
        this.timeout = server.timeout();
        this.preset = server.preset();
        this.attemptEnd = attemptEnd;
        this.watchdog = watchdog;
        out = socket.getOutputStream();
        replies = new SmtpReplyReader(socket.getInputStream());
        watchdog.watch(this);
    }

    /** Begins another attempt on a kept connection. */
    void beginAttempt(long end) {
        attemptEnd = end;
        phase = SmtpPhase.MAIL;
    }

    SmtpPhase phase() {
        return phase;
    }

    boolean isEncrypted() {
        return encrypted != null;
    }

    InetAddress remoteAddress() {
        return socket.getInetAddress();
    }

    /** Whether the server has sent more than was read. */
    boolean holdsMore() {
        return replies.holdsMore();
    }

    /** Adds to what the next {@link #flush} writes. */
    SmtpWire put(String text) {
        buffer.put(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Writes the buffer. The phase changes last, right before the write begins. */
    void flush(SmtpPhase next) throws SmtpFault {
        arm();
        phase = next;
        try {
            buffer.writeTo(out);
        } catch (IOException e) {
            if (deadline.isCut()) {
                throw fault(e);
            }
            // The server may have sent a reason before it closed the connection: the next read returns it.
            failedWrite = e;
        }
    }

    /**
     * Writes a message's header and body, dot-stuffed (RFC 5321 section 4.5.2), and the final dot. The phase is {@link
     * SmtpPhase#BODY} until the last write, the only one to contain that dot, begins.
     *
     * @param commit called right before that write
     * @param behind the commands that go out with that write
     */
    void writeBody(byte[] body, BooleanSupplier commit, Supplier<String> behind) throws SmtpFault {
        phase = SmtpPhase.BODY;
        int done = 0;
        for (int i = 0; i < body.length; i++) {
            // An Email holds no lone CR or LF. Should one get here, no server may read an end of data from it, whatever
            // line ends it accepts (SMTP smuggling).
            if (body[i] == '.' && (i == 0 || body[i - 1] == '\n' || body[i - 1] == '\r')) {
                putBody(body, done, i);
                putBody(END_OF_DATA, 0, 1);
                done = i;
            }
        }
        putBody(body, done, body.length);
        if (body.length > 0 && body[body.length - 1] != '\n') {
            putBody(END_OF_DATA, 1, 3);
        }
        buffer.put(END_OF_DATA);
        mayCommit(commit);
        put(behind.get()).flush(SmtpPhase.FINAL_DOT);
    }

    /** Without the dot the server cancels the transaction when the connection closes (RFC 5321 section 4.1.1.10). */
    private void mayCommit(BooleanSupplier commit) throws SmtpFault {
        // This wait is for the database, not the server: the last step's deadline must not run on meanwhile.
        if (!deadline.disarm()) {
            throw new SmtpFault(timedOut());
        }
        boolean may;
        try {
            may = commit.getAsBoolean();
        } catch (RuntimeException e) {
            throw new SmtpFault(new Outcome.CalledOff(
                    "called off before the final dot: " + e.getClass().getSimpleName()));
        }
        if (!may) {
            throw new SmtpFault(new Outcome.CalledOff("called off before the final dot"));
        }
    }

    /** Reads one reply; the deadline covers all its lines together. */
    Reply read(SmtpPhase of) throws SmtpFault {
        return read(of, null);
    }

    /** Reads one reply and adds the text of each of its lines to {@code lines}. */
    Reply read(SmtpPhase of, @Nullable List<String> lines) throws SmtpFault {
        phase = of;
        arm();
        try {
            Reply reply = replies.read(lines);
            if (failedWrite != null && reply.code() < 400) {
                // A positive reply cannot be to the write that failed.
                throw fault(failedWrite);
            }
            return reply;
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** The outcome of a reply; null where it is positive and the dialogue goes on. */
    @Nullable Outcome judge(SmtpPhase of, Reply reply) {
        return preset.judge(of, reply);
    }

    /** Encrypts the connection; the handshake has one deadline. */
    void encrypt(SmtpTls tls) throws SmtpFault {
        phase = SmtpPhase.STARTTLS;
        if (replies.holdsMore()) {
            // RFC 3207 section 4.2, CVE-2011-0411: a man in the middle may have injected it.
            throw new SmtpFault(SmtpReplies.refused(phase, "plain text behind the answer to STARTTLS"));
        }
        arm();
        try {
            SSLSocket wrapped = tls.wrap(socket);
            wrapped.startHandshake();
            encrypted = wrapped;
            out = wrapped.getOutputStream();
            replies = new SmtpReplyReader(wrapped.getInputStream());
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /**
     * Ends the use by one attempt; false where the connection was cut, or cannot be trusted with another message.
     *
     * @param moreExpected whether commands are pipelined whose replies are not read yet
     */
    boolean endUse(boolean moreExpected) {
        return deadline.disarm() && failedWrite == null && (moreExpected || !replies.holdsMore());
    }

    /** Called by the watchdog, again and again until the connection's owner gave it up: a close may have met a fault. */
    void cutIfPast(long now) {
        if (deadline.cutIfPast(now) || deadline.isCut()) {
            closeSocket();
        }
    }

    @Override
    public void close() {
        watchdog.forget(this);
        closeSocket();
    }

    /** Closes with TLS's close_notify; the caller has sent QUIT. */
    void closeGracefully() {
        try {
            if (encrypted != null && deadline.arm(Math.min(SmtpDeadline.after(timeout), attemptEnd))) {
                encrypted.close();
            }
        } catch (IOException _) {
            // A failed close_notify does no harm.
        } finally {
            close();
        }
    }

    private void closeSocket() {
        try {
            // Closes the plain socket, as the TLS socket's close() waits for a stuck write.
            socket.close();
        } catch (IOException _) {
            // Nothing is left to close.
        }
    }

    private void putBody(byte[] source, int from, int to) throws SmtpFault {
        int position = from;
        while (position < to) {
            if (buffer.length() == CHUNK) {
                flush(SmtpPhase.BODY);
                if (failedWrite != null) {
                    throw afterFailedBody(failedWrite);
                }
            }
            int count = Math.min(to - position, CHUNK - buffer.length());
            buffer.put(source, position, count);
            position += count;
        }
    }

    /** The server closed the connection in the middle of the body; returns its reply where one can still be read. */
    private SmtpFault afterFailedBody(IOException failure) throws SmtpFault {
        Outcome outcome = judge(SmtpPhase.BODY, read(SmtpPhase.BODY));
        return outcome == null ? fault(failure) : new SmtpFault(outcome);
    }

    private void arm() throws SmtpFault {
        if (!deadline.arm(Math.min(SmtpDeadline.after(timeout), attemptEnd))) {
            throw new SmtpFault(timedOut());
        }
    }

    private Outcome timedOut() {
        return SmtpReplies.timedOut(
                phase, SmtpDeadline.now() >= attemptEnd ? "the attempt took too long" : "no answer in time");
    }

    private SmtpFault fault(IOException e) {
        if (deadline.isCut()) {
            return new SmtpFault(timedOut());
        }
        if (e instanceof UnreadableReplyException) {
            return new SmtpFault(SmtpReplies.unreadable(phase, String.valueOf(e.getMessage())));
        }
        String detail = "connection lost: " + e.getMessage();
        // With TLS 1.3 a server may refuse the client after the handshake, in place of its next reply.
        if (e instanceof SSLException && phase.compareTo(SmtpPhase.MAIL) < 0 && !isLoss(e)) {
            return new SmtpFault(SmtpReplies.refused(phase, "TLS refused: " + e.getMessage()));
        }
        return new SmtpFault(SmtpReplies.lost(phase, detail), true);
    }

    /** Java wraps the loss of a connection in an SSLException. */
    private static boolean isLoss(IOException e) {
        return e.getCause() instanceof EOFException || e.getCause() instanceof SocketException;
    }
}

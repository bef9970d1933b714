package ums.channel.email;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import ums.channel.Outcome;
import ums.channel.Reply;

/**
 * The socket of one connection with its buffers: collects commands, writes them in one go, reads replies, and knows in
 * which phase it does so, as the phase decides what a fault means. Every write, reply and handshake has its deadline.
 * Not for several threads, but for {@link #cutIfPast}.
 */
final class SmtpWire implements AutoCloseable {

    /** A body up to this size goes out in one write, a larger one in writes of this size. */
    static final int CHUNK = 64 * 1024;

    private static final byte[] END_OF_DATA = {'.', '\r', '\n'};

    private final Socket socket;
    private final Duration timeout;
    private final SmtpDeadline deadline = new SmtpDeadline();
    private final SmtpWatchdog watchdog;
    private @Nullable SSLSocket encrypted;
    private OutputStream out;
    private SmtpReplyReader replies;
    private byte[] buffer = new byte[4 * 1024];
    private int length;
    private long attemptEnd;
    private SmtpPhase phase = SmtpPhase.CONNECT;
    private @Nullable IOException failedWrite;

    /**
     * @param socket a connected one
     * @param timeout how long each write and each reply may take
     * @param attemptEnd the instant at which the attempt is cut off, whatever it is doing
     */
    SmtpWire(Socket socket, Duration timeout, long attemptEnd, SmtpWatchdog watchdog) throws IOException {
        this.socket = socket;
        this.timeout = timeout;
        this.attemptEnd = attemptEnd;
        this.watchdog = watchdog;
        out = socket.getOutputStream();
        replies = new SmtpReplyReader(socket.getInputStream());
        watchdog.watch(this);
    }

    /** Begins another attempt on a connection that was kept. */
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

    /** Whether the server has said more than it was asked. */
    boolean holdsMore() {
        return replies.holdsMore();
    }

    /** Adds to what the next {@link #flush} writes. */
    SmtpWire put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        makeRoom(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    /** Writes what was put. Entering the phase is the last thing that happens before the write begins. */
    void flush(SmtpPhase next) throws SmtpFault {
        arm();
        phase = next;
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            if (deadline.isCut()) {
                throw fault(e);
            }
            // The server may have said why before it closed: that is for the next read to find out.
            failedWrite = e;
        } finally {
            length = 0;
        }
    }

    /**
     * Writes a message's header and body, dot-stuffed (RFC 5321 section 4.5.2), and the final dot. The phase is
     * {@link SmtpPhase#BODY} until the last write, the only one to contain that dot, begins.
     *
     * @param mayFinish asked right before that write
     * @param behind the commands to go out with that write
     */
    void writeBody(byte[] body, BooleanSupplier mayFinish, Supplier<String> behind) throws SmtpFault {
        phase = SmtpPhase.BODY;
        int done = 0;
        for (int i = 0; i < body.length; i++) {
            // A lone CR or LF has no place in an Email. Should one get here, no reading of line ends that some server
            // has must find an end of data in it.
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
        makeRoom(END_OF_DATA.length);
        System.arraycopy(END_OF_DATA, 0, buffer, length, END_OF_DATA.length);
        length += END_OF_DATA.length;
        checkMayFinish(mayFinish);
        put(behind.get()).flush(SmtpPhase.FINAL_DOT);
    }

    /** Without the dot, the server cancels the transaction when the connection closes (RFC 5321 section 4.1.1.10). */
    private void checkMayFinish(BooleanSupplier mayFinish) throws SmtpFault {
        // Our own time, not the server's: the last step's deadline must not run on while we ask.
        if (!deadline.disarm()) {
            throw new SmtpFault(timedOut());
        }
        boolean may;
        try {
            may = mayFinish.getAsBoolean();
        } catch (RuntimeException e) {
            throw new SmtpFault(new Outcome.CalledOff(
                    "called off before the final dot: " + e.getClass().getSimpleName()));
        }
        if (!may) {
            throw new SmtpFault(new Outcome.CalledOff("called off before the final dot"));
        }
    }

    /** Reads one reply; the deadline is for all its lines together. */
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
                // It cannot be about what did not get out.
                throw fault(failedWrite);
            }
            return reply;
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** Encrypts the connection; the handshake has one deadline. */
    void encrypt(SmtpTls tls) throws SmtpFault {
        phase = SmtpPhase.STARTTLS;
        if (replies.holdsMore()) {
            // RFC 3207 section 4.2, CVE-2011-0411: somebody in between may have put it there.
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
     * Ends the last step; false where the connection was cut, or cannot be trusted with another message.
     *
     * @param asked whether the server was asked more than was read
     */
    boolean rest(boolean asked) {
        return deadline.disarm() && failedWrite == null && (asked || !replies.holdsMore());
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

    /** Closes after the goodbyes of TLS and SMTP. */
    void closeInOrder() {
        try {
            if (encrypted != null && deadline.arm(Math.min(SmtpDeadline.after(timeout), attemptEnd))) {
                encrypted.close();
            }
        } catch (IOException _) {
            // Nothing depends on it.
        } finally {
            close();
        }
    }

    private void closeSocket() {
        try {
            // Not the TLS socket: its close() waits for a write that is stuck.
            socket.close();
        } catch (IOException _) {
            // It is closed for us.
        }
    }

    private void putBody(byte[] source, int from, int to) throws SmtpFault {
        int position = from;
        while (position < to) {
            if (length == CHUNK) {
                flush(SmtpPhase.BODY);
                if (failedWrite != null) {
                    throw afterFailedBody(failedWrite);
                }
            }
            int count = Math.min(to - position, CHUNK - length);
            makeRoom(count);
            System.arraycopy(source, position, buffer, length, count);
            length += count;
            position += count;
        }
    }

    /** The server ended the connection in the middle of the body: with a word, where one can still be read. */
    private SmtpFault afterFailedBody(IOException failure) throws SmtpFault {
        Outcome outcome = SmtpReplies.judge(SmtpPhase.BODY, read(SmtpPhase.BODY));
        return outcome == null ? fault(failure) : new SmtpFault(outcome);
    }

    private void makeRoom(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
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
        // With TLS 1.3 a server may refuse after the handshake, in place of its next reply.
        if (e instanceof SSLException && phase.compareTo(SmtpPhase.MAIL) < 0 && !isLoss(e)) {
            return new SmtpFault(SmtpReplies.refused(phase, "TLS refused: " + e.getMessage()));
        }
        return new SmtpFault(SmtpReplies.lost(phase, detail), true);
    }

    /** Java wraps the loss of a connection in an exception about TLS. */
    private static boolean isLoss(IOException e) {
        return e.getCause() instanceof EOFException || e.getCause() instanceof SocketException;
    }
}

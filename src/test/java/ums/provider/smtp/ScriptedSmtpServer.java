package ums.provider.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An SMTP server on a real socket that behaves well until its script says otherwise: {@code on("RCPT", usual(),
 * says("550 no"))} takes the first recipient, refuses the second and takes all others. Events are the commands and, beside
 * them, {@code CONNECT} (the greeting), {@code BODY} (after 354, before anything of the body is read), {@code .} (after
 * the final dot) and {@code RESPONSE} (a line that answers a challenge of AUTH).
 */
public final class ScriptedSmtpServer implements AutoCloseable {

    /** The server's action at one event. */
    @FunctionalInterface
    public interface Answer {
        void give(Session session) throws IOException;
    }

    /**
     * A message received.
     *
     * @param mail the command that opened it, parameters included
     * @param rcpts the commands that named recipients taken
     * @param bytes header and body, dots unstuffed
     */
    public record Mail(String mail, List<String> rcpts, byte[] bytes) {

        /** Header and body as text. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final ServerSocket listener;
    private final Map<String, Deque<Answer>> script = new HashMap<>();
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<String> offers = List.of("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 50000000");
    private volatile SSLContext tls;
    private volatile boolean implicit;

    private ScriptedSmtpServer(InetAddress address) throws IOException {
        listener = new ServerSocket();
        // Small, so that a client that writes to a server that does not read gets stuck soon.
        listener.setReceiveBufferSize(8 * 1024);
        listener.bind(new InetSocketAddress(address, 0));
        Thread.ofVirtual().start(this::accept);
    }

    /** Starts one on a free port of 127.0.0.1. */
    public static ScriptedSmtpServer start() throws IOException {
        return startOn(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    /** Starts one on a free port of that address. */
    public static ScriptedSmtpServer startOn(InetAddress address) throws IOException {
        return new ScriptedSmtpServer(address);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Sets the extensions in the reply to EHLO, one keyword with its parameters each. */
    public ScriptedSmtpServer offers(String... extensions) {
        offers = List.of(extensions);
        return this;
    }

    /** Answers the next occurrences of an event, one after the other over all connections; then as usual. */
    public ScriptedSmtpServer on(String event, Answer... answers) {
        synchronized (script) {
            script.computeIfAbsent(event, _ -> new ArrayDeque<>()).addAll(List.of(answers));
        }
        return this;
    }

    /** Sets the context for STARTTLS. */
    public ScriptedSmtpServer with(SSLContext tls) {
        this.tls = tls;
        return this;
    }

    /** TLS from the first byte. */
    public ScriptedSmtpServer withImplicit(SSLContext tls) {
        this.tls = tls;
        implicit = true;
        return this;
    }

    /** The reply of a well-behaved server. */
    public static Answer usual() {
        return Session::answerAsUsual;
    }

    /** These lines. */
    public static Answer says(String... lines) {
        return session -> session.say(lines);
    }

    /** These octets, no line break added. */
    public static Answer sends(byte[] bytes) {
        return session -> session.write(bytes);
    }

    /** One answer, then another. */
    public static Answer both(Answer first, Answer second) {
        return session -> {
            first.give(session);
            second.give(session);
        };
    }

    /** An orderly end of the connection. */
    public static Answer closes() {
        return session -> {
            session.socket.shutdownOutput();
            throw new EOFException("scripted end");
        };
    }

    /** A reset of the connection. */
    public static Answer resets() {
        return session -> {
            session.socket.setSoLinger(true, 0);
            throw new EOFException("scripted reset");
        };
    }

    /** Nothing, for as long as the server runs. */
    public static Answer hangs() {
        return session -> session.pause(Duration.ofDays(1));
    }

    /** Nothing for a while. */
    public static Answer waits(Duration pause) {
        return session -> session.pause(pause);
    }

    /** Nothing until the client has sent more, which stays unread. */
    public static Answer hears() {
        return session -> {
            session.in.mark(1);
            if (session.in.read() < 0) {
                throw new EOFException();
            }
            session.in.reset();
        };
    }

    /** Nothing until that many octets more have been read. */
    public static Answer reads(int octets) {
        return session -> session.in.readNBytes(octets);
    }

    /** One octet at a time. */
    public static Answer dribbles(String line, Duration pause) {
        return session -> {
            for (byte octet : (line + "\r\n").getBytes(StandardCharsets.UTF_8)) {
                session.write(new byte[] {octet});
                session.pause(pause);
            }
        };
    }

    /** How many connections there have been. */
    public int connections() {
        return sessions.size();
    }

    /** The messages taken, in order. */
    public List<Mail> mails() {
        return List.copyOf(mails);
    }

    /** One connection, counted from 0. */
    public Session connection(int number) {
        return sessions.get(number);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Session session : sessions) {
            session.socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Session session = new Session(listener.accept());
                sessions.add(session);
                Thread.ofVirtual().start(session::run);
            }
        } catch (IOException _) {
            // The server is closed.
        }
    }

    /** One connection. */
    public final class Session {

        private final Socket socket;
        private final List<String> commands = new CopyOnWriteArrayList<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final CountDownLatch quit = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private InputStream in;
        private OutputStream out;
        private boolean encrypted;
        private String line = "";
        private String mail;
        private List<String> rcpts = new ArrayList<>();
        private boolean early;
        private String current = "";

        private Session(Socket socket) {
            this.socket = socket;
        }

        /** The commands received, in order. */
        public List<String> commands() {
            return List.copyOf(commands);
        }

        /** Everything received, as it came off the (decrypted) wire. */
        public byte[] received() {
            return received.toByteArray();
        }

        /** Whether anything of a body came before 354. */
        public boolean bodyCameEarly() {
            return early;
        }

        /** Whether the client has sent more than was read. */
        public boolean hasMore() throws IOException {
            return in.available() > 0;
        }

        /** Waits until the client has sent QUIT; false when it does not. */
        public boolean awaitQuit() throws InterruptedException {
            return quit.await(5, TimeUnit.SECONDS);
        }

        /** Waits until the connection is over on this side; false when it is not. */
        public boolean awaitEnd() throws InterruptedException {
            return over.await(5, TimeUnit.SECONDS);
        }

        private void run() {
            try (socket) {
                // Replies sent before a reset must have left, or the reset discards them.
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
                out = socket.getOutputStream();
                if (implicit) {
                    encrypt();
                }
                happens("CONNECT");
                while (true) {
                    line = readLine();
                    commands.add(line);
                    String event = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
                    happens(event);
                    if (event.equals("QUIT")) {
                        quit.countDown();
                        return;
                    }
                }
            } catch (IOException _) {
                // The connection is over.
            } finally {
                over.countDown();
            }
        }

        private void happens(String event) throws IOException {
            Answer answer;
            synchronized (script) {
                answer = script.getOrDefault(event, new ArrayDeque<>()).poll();
            }
            current = event;
            Objects.requireNonNullElse(answer, usual()).give(this);
        }

        private void answerAsUsual() throws IOException {
            switch (current) {
                case "CONNECT" -> say("220 scripted.example ready");
                case "EHLO" -> {
                    mail = null;
                    List<String> lines = new ArrayList<>(List.of("scripted.example"));
                    lines.addAll(offers);
                    for (int i = 0; i < lines.size(); i++) {
                        lines.set(i, (i == lines.size() - 1 ? "250 " : "250-") + lines.get(i));
                    }
                    say(lines.toArray(String[]::new));
                }
                case "STARTTLS" -> {
                    say("220 go ahead");
                    encrypt();
                }
                case "AUTH" -> authenticate();
                case "RESPONSE" -> say("235 welcome");
                case "MAIL" -> {
                    mail = line;
                    rcpts = new ArrayList<>();
                    say("250 sender ok");
                }
                case "RCPT" -> {
                    if (mail != null) {
                        rcpts.add(line);
                    }
                    say(mail == null ? "503 no sender" : "250 recipient ok");
                }
                case "DATA" -> {
                    if (rcpts.isEmpty()) {
                        say("503 no recipients");
                    } else {
                        takeBody();
                    }
                }
                case "RSET" -> {
                    mail = null;
                    rcpts = new ArrayList<>();
                    say("250 reset");
                }
                case "QUIT" -> say("221 bye");
                case "BODY" -> readBody();
                case "." -> say("250 2.0.0 taken");
                default -> say("250 ok");
            }
        }

        private void authenticate() throws IOException {
            if (line.toUpperCase(Locale.ROOT).startsWith("AUTH LOGIN")) {
                say("334 VXNlcm5hbWU6");
                commands.add(readLine());
                say("334 UGFzc3dvcmQ6");
                commands.add(readLine());
            }
            happens("RESPONSE");
        }

        /** Replies 354 and reads a message, with or without a recipient. */
        public void takeBody() throws IOException {
            early = in.available() > 0;
            say("354 go on");
            happens("BODY");
        }

        private void readBody() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            String last;
            while (!(last = readLine()).equals(".")) {
                body.writeBytes(
                        (last.startsWith(".") ? last.substring(1) : last).getBytes(StandardCharsets.ISO_8859_1));
                body.writeBytes(new byte[] {'\r', '\n'});
            }
            String opened = mail;
            List<String> named = rcpts;
            mail = null;
            rcpts = new ArrayList<>();
            mails.add(new Mail(String.valueOf(opened), List.copyOf(named), body.toByteArray()));
            happens(".");
        }

        private void encrypt() throws IOException {
            SSLSocket wrapped = (SSLSocket) tls.getSocketFactory().createSocket(socket, in, false);
            wrapped.startHandshake();
            in = new BufferedInputStream(wrapped.getInputStream());
            out = wrapped.getOutputStream();
            encrypted = true;
        }

        /** Whether TLS is in use. */
        public boolean isEncrypted() {
            return encrypted;
        }

        /** A line ended by CRLF only. */
        private String readLine() throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            int before = -1;
            while (true) {
                int octet = in.read();
                if (octet < 0) {
                    throw new EOFException();
                }
                received.write(octet);
                if (octet == '\n' && before == '\r') {
                    byte[] bytes = text.toByteArray();
                    return new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1);
                }
                text.write(octet);
                before = octet;
            }
        }

        private void say(String... lines) throws IOException {
            write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        private void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        private void pause(Duration duration) throws IOException {
            try {
                if (closed.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new EOFException("the server is closed");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EOFException("interrupted");
            }
        }
    }
}

package ums.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection to the {@link SmtpServer}. */
final class SmtpDialogue {

    private static final Pattern MESSAGE_ID = Pattern.compile("(?i)message-id:\\s*<([0-9a-f-]{36})@");
    private static final int HANGING = 60_000;

    private final SmtpServer server;
    private final Socket socket;
    private final int process;
    private final boolean pipelining;
    private final SmtpInput in;
    private final OutputStream out;
    private Behaviour behaviour = Behaviour.ORDERLY;
    private boolean recipientTaken;
    private boolean hang;

    SmtpDialogue(SmtpServer server, Socket socket, int process, boolean pipelining) throws IOException {
        this.server = server;
        this.socket = socket;
        this.process = process;
        this.pipelining = pipelining;
        this.in = new SmtpInput(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Serves commands until either side closes the connection. */
    void run() throws IOException, InterruptedException {
        greet();
        while (!socket.isClosed()) {
            String line = in.readLine();
            String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO" ->
                    reply(pipelining ? "250-chaos\r\n250-PIPELINING\r\n250 8BITMIME" : "250-chaos\r\n250 8BITMIME");
                case "MAIL" -> mail();
                case "RCPT" -> recipient(line);
                case "DATA" -> data();
                case "QUIT" -> {
                    reply("221 bye");
                    return;
                }
                case "HELO", "RSET", "NOOP" -> {
                    recipientTaken = false;
                    reply("250 ok");
                }
                default -> reply("500 what?");
            }
        }
    }

    private void greet() throws IOException, InterruptedException {
        switch (server.greets()) {
            case UNAVAILABLE_AT_GREETING -> unavailable();
            case GARBAGE_AT_GREETING -> {
                reply("who is there?");
                socket.close();
            }
            case SILENT_AT_GREETING -> silent();
            default -> reply("220 chaos ESMTP");
        }
    }

    private void mail() throws IOException, InterruptedException {
        behaviour = server.next();
        recipientTaken = false;
        hang = false;
        if (behaviour == Behaviour.SILENT_AT_MAIL) {
            silent();
        }
        reply("250 ok");
    }

    private void recipient(String line) throws IOException, InterruptedException {
        hang |= server.hangs(line);
        switch (behaviour) {
            case DEFER_AT_RCPT -> reply("451 come again");
            case UNAVAILABLE_AT_RCPT -> unavailable();
            case GARBAGE_AT_RCPT -> reply("%&/( garbage");
            default -> {
                recipientTaken = true;
                reply("250 ok");
            }
        }
    }

    private void data() throws IOException, InterruptedException {
        if (!recipientTaken) {
            reply("503 nobody to send it to");
            return;
        }
        recipientTaken = false;
        switch (behaviour) {
            case DEFER_AT_DATA -> reply("451 come again");
            case UNAVAILABLE_AT_DATA -> unavailable();
            case GARBAGE_AT_DATA -> reply("\0\0\0");
            case CLOSE_AT_DATA -> socket.close();
            case SILENT_AT_DATA -> silent();
            default -> {
                Thread.sleep(server.slowness(process));
                reply("354 go on");
                afterDot();
            }
        }
    }

    private void afterDot() throws IOException, InterruptedException {
        Behaviour end = hang ? Behaviour.HANG_AFTER_DOT : behaviour;
        Take take = readMail(end);
        if (end != Behaviour.DEFER_AFTER_DOT) {
            server.remember(take);
        }
        switch (end) {
            case DEFER_AFTER_DOT -> reply("451 come again");
            case TAKE_AND_CLOSE, CLOSE_AFTER_DOT -> socket.close();
            case TAKE_AND_GARBAGE -> reply("taken, I think");
            case TAKE_AND_HANG, HANG_AFTER_DOT -> {
                // Waits until the client times out and closes the connection.
                socket.setSoTimeout(HANGING);
                in.readLine();
                socket.close();
            }
            default -> {
                Thread.sleep(server.slowness(process));
                reply("250 taken");
                // A reply that trickles may be complete too late, so its outcome is unknown.
                if (end != Behaviour.TRICKLE) {
                    take.acknowledged();
                }
            }
        }
    }

    /** Answers nothing any more, and ends with the exception that tells that the client closed the connection. */
    private void silent() throws IOException {
        socket.setSoTimeout(HANGING);
        while (true) {
            in.readLine();
        }
    }

    private void unavailable() throws IOException, InterruptedException {
        reply("421 going down");
        socket.close();
    }

    /** Reads a mail and keeps only its message's id and its length. */
    private Take readMail(Behaviour end) throws IOException {
        UUID id = null;
        long octets = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.equals(".")) {
                throw new IOException("a mail without a body");
            }
            Matcher matcher = MESSAGE_ID.matcher(line);
            if (matcher.lookingAt()) {
                id = UUID.fromString(matcher.group(1));
            }
            octets += line.length();
        }
        if (id == null) {
            throw new IOException("a mail without a Message-ID of UMS's kind");
        }
        octets += in.skipToDot();
        return new Take(id, server.name(), process, octets, Instant.now(), end);
    }

    private void reply(String text) throws IOException, InterruptedException {
        byte[] bytes = (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        if (behaviour == Behaviour.TRICKLE) {
            for (byte each : bytes) {
                out.write(each);
                out.flush();
                Thread.sleep(1000);
            }
        } else {
            out.write(bytes);
            out.flush();
        }
    }
}

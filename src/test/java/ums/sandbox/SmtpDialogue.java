package ums.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The client's side of SMTP by hand, so that a test controls every byte on the wire. */
final class SmtpDialogue implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader replies;

    SmtpDialogue(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        reply();
        say("EHLO test.example\r\n");
    }

    /** Sends a line, which must hold its own CRLF, and reads the reply to it. */
    String say(String line) throws IOException {
        send(line.getBytes(StandardCharsets.UTF_8));
        return reply();
    }

    /** Sends a mail as RFC 5321 section 4.5.2 wants it: dot-stuffed, and ended by a lone dot. */
    String mail(String sender, byte[] raw, String... recipients) throws IOException {
        say("MAIL FROM:<" + sender + ">\r\n");
        for (String recipient : recipients) {
            say("RCPT TO:<" + recipient + ">\r\n");
        }
        say("DATA\r\n");
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        send((text.replace("\r\n.", "\r\n..") + ".\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return reply();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next reply, all its lines; null when the server closed the connection. */
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line;
        do {
            line = replies.readLine();
            if (line == null) {
                return null;
            }
            reply.append(line).append('\n');
        } while (line.charAt(3) == '-');
        return reply.toString();
    }

    /** Closes the client's side as a killed process does, and waits until the server has closed too. */
    void breakOff() throws IOException {
        socket.shutdownOutput();
        while (reply() != null) {
            // Reads the server's remaining replies.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

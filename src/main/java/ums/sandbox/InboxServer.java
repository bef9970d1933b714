package ums.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;

/**
 * A real SMTP server (RFC 5321) on loopback in front of the {@link Inbox}, so that by default a message takes the whole
 * path through SMTP and never leaves the machine. It replies 250 to a mail only when that is stored.
 */
final class InboxServer implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    /** Five times the size limit of a request to UMS, as base64 and quoted-printable make it longer. */
    static final int MAX_SIZE = 50 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(InboxServer.class);
    private static final String CHANNEL = "email";

    private final Inbox inbox;
    private final SMTPServer server;

    /**
     * Starts listening.
     *
     * @param port the port, 0 for any free one
     * @throws InboxPortUnavailableException where another process has the port
     */
    InboxServer(Inbox inbox, int port) {
        this.inbox = inbox;
        server = SMTPServer.port(port)
                .bindAddress(InetAddress.ofLiteral(HOST))
                // Set, as the library would query the DNS for this machine's name.
                .hostName("localhost")
                .softwareName("UMS inbox")
                .messageHandlerFactory(Transaction::new)
                .fromAddressValidator(_ -> true)
                .insertReceivedHeaders(false)
                .maxMessageSize(MAX_SIZE)
                .maxConnections(500)
                .backlog(500)
                .connectionTimeout(10, TimeUnit.MINUTES)
                // Platform threads, as file writes pin the carrier threads that the virtual threads of senders need.
                .executorService(Executors.newCachedThreadPool(
                        Thread.ofPlatform().daemon().factory()))
                .serverSocketFactory(PromptServerSocket::new)
                .build();
        server.getCommandHandler().addCommand(new Ehlo());
        try {
            server.start();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException cause) {
                throw new InboxPortUnavailableException(port, cause);
            }
            throw e;
        }
        log.info(
                "The inbox listens on {}:{}: it keeps what it receives, and nothing leaves this machine", HOST, port());
    }

    /** The port it listens on. */
    int port() {
        return server.getPortAllocated();
    }

    /** Stops listening and closes open connections; a mail that is being written is finished. */
    @Override
    public void close() {
        server.stop();
    }

    /** One mail that is being received. */
    private final class Transaction implements MessageHandler {

        private final MessageContext context;
        private final List<String> recipients = new ArrayList<>();
        private String sender = "";

        Transaction(MessageContext context) {
            this.context = context;
        }

        @Override
        public void from(String address) {
            sender = address;
        }

        @Override
        public void recipient(String address) throws RejectException {
            if (address.isEmpty()) {
                throw new RejectException(501, "5.1.3 A recipient is missing");
            }
            SpecialAddress special = SpecialAddress.of(CHANNEL, address);
            switch (special) {
                case NONE, UNKNOWN -> recipients.add(address);
                case DEFERRED, REJECTED -> throw new RejectException(special.code(), special.text());
            }
        }

        @Override
        public String data(InputStream content) throws RejectException {
            byte[] raw = received(content);
            if (raw.length > MAX_SIZE) {
                throw refusal(552, "5.3.4 Longer than " + MAX_SIZE + " octets");
            }
            try {
                long n = inbox.store(sender, recipients, raw);
                if (recipients.stream().anyMatch(it -> SpecialAddress.of(CHANNEL, it) == SpecialAddress.UNKNOWN)) {
                    throw withoutReply();
                }
                return "2.0.0 Kept by the inbox as " + n;
            } catch (IOException e) {
                log.warn("The inbox cannot keep a mail: {}", e.toString());
                throw refusal(452, "4.3.1 The inbox cannot write to its folder");
            }
        }

        @Override
        public void done() {
            // data() has stored or refused the mail: nothing is left to undo.
        }

        /**
         * Reads a mail to its end, so that the next command is found; of a mail over the limit, only as much is kept as
         * shows that.
         */
        private static byte[] received(InputStream content) throws RejectException {
            try {
                byte[] raw = content.readNBytes(MAX_SIZE + 1);
                content.transferTo(OutputStream.nullOutputStream());
                return raw;
            } catch (IOException e) {
                // Usual when clients die; the library would log a stack trace.
                throw new DropConnectionException(421, "4.4.2 The connection was lost within a mail");
            }
        }

        /** Closes the connection first, as the library sends a reply before it closes one. */
        private DropConnectionException withoutReply() throws IOException {
            if (context instanceof Session session) {
                session.closeSocket();
            }
            return new DropConnectionException(421, "4.3.2 Closed without a reply");
        }

        /** Ends the transaction of a refused mail (RFC 5321 section 4.1.1.4), which the library leaves open. */
        private RejectException refusal(int code, String text) {
            if (context instanceof Session session) {
                session.resetMailTransaction();
            }
            return new RejectException(code, text);
        }
    }

    /**
     * Offers PIPELINING (RFC 2920), which the library supports but does not announce. CHUNKING is left out, as no
     * client here needs it.
     */
    private static final class Ehlo extends BaseCommand {

        Ehlo() {
            super("EHLO", "Introduces the client.", "<hostname>");
        }

        @Override
        public void execute(String line, Session session) throws IOException {
            String[] words = getArgs(line);
            if (words.length < 2) {
                session.sendResponse("501 Syntax: EHLO hostname");
                return;
            }
            session.resetMailTransaction();
            session.setHelo(words[1]);
            session.sendResponse(String.join(
                    "\r\n", "250-localhost", "250-PIPELINING", "250-SIZE " + MAX_SIZE, "250-8BITMIME", "250 SMTPUTF8"));
        }
    }

    /** Disables Nagle's algorithm, which would delay the replies to pipelined commands by 40 ms. */
    private static final class PromptServerSocket extends ServerSocket {

        PromptServerSocket() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            return socket;
        }
    }
}

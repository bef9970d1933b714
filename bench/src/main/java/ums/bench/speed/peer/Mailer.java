package ums.bench.speed.peer;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;

/** Sends 2 KB mails with Angus Mail, over one kept connection per thread. */
final class Mailer implements Consumer<String> {

    private static final String FROM = "bench@bench.example";
    private static final String TO = "customer@shop.example";
    private static final String SUBJECT = "Your order is on its way";

    private final Session session;
    private final ThreadLocal<Transport> connection;
    private final boolean rendered;

    /** @param rendered true if this class writes a mail's bytes, which is faster; false if Angus renders them */
    Mailer(int port, boolean rendered) {
        this.rendered = rendered;
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", String.valueOf(port));
        session = Session.getInstance(properties);
        connection = ThreadLocal.withInitial(this::connect);
    }

    private Transport connect() {
        try {
            Transport transport = session.getTransport("smtp");
            transport.connect();
            return transport;
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void accept(String text) {
        try {
            MimeMessage mail = rendered ? new Rendered(session, text) : made(text);
            connection.get().sendMessage(mail, mail.getAllRecipients());
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private MimeMessage made(String text) throws MessagingException {
        MimeMessage mail = new MimeMessage(session);
        envelope(mail);
        mail.setSubject(SUBJECT, "UTF-8");
        mail.setText(text, "UTF-8");
        mail.saveChanges();
        return mail;
    }

    private static void envelope(MimeMessage mail) throws MessagingException {
        mail.setFrom(new InternetAddress(FROM));
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress(TO));
    }

    /** A mail that is already rendered. */
    private static final class Rendered extends MimeMessage {

        private final byte[] bytes;

        Rendered(Session session, String text) throws MessagingException {
            super(session);
            envelope(this);
            bytes = """
                    From: %s\r
                    To: %s\r
                    Subject: %s\r
                    Message-ID: <%s@bench.example>\r
                    MIME-Version: 1.0\r
                    Content-Type: text/plain; charset=UTF-8\r
                    Content-Transfer-Encoding: 8bit\r
                    \r
                    %s\r
                    """.formatted(FROM, TO, SUBJECT, UUID.randomUUID(), text).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void writeTo(OutputStream out, String[] ignored) throws IOException {
            out.write(bytes);
        }
    }
}

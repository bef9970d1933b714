package ums.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A provider for tests: a real SMTP server that stores the mails it accepts. */
public final class TestProvider implements AutoCloseable {

    private final Inbox inbox;
    private final InboxServer server;

    public TestProvider() throws IOException {
        inbox = new Inbox(Files.createTempDirectory(Path.of("target"), "provider"), Inbox.CAPACITY, Clock.systemUTC());
        server = new InboxServer(inbox, 0);
    }

    public int port() {
        return server.port();
    }

    /** The mails that it accepted for an address. */
    public List<InboxMail> mails(String recipient) {
        return inbox.list(Inbox.CAPACITY, null).stream()
                .filter(it -> it.to().contains(recipient))
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }
}

package ums;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A story about the whole service: a real PostgreSQL with a database of its own, a real inbox, and HTTP. All stories share one
 * running service, so each creates its own API key and checks its own messages only.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class UmsStory {

    @Autowired
    protected UmsClient ums;

    @DynamicPropertySource
    static void service(DynamicPropertyRegistry registry) {
        TestDatabase.fresh().register(registry);
        smallAndQuick(registry);
        admins(registry);
    }

    /** Accounts for the other roles, with the first admin's password. */
    public static void admins(DynamicPropertyRegistry registry) {
        List<String> roles = List.of("viewer", "operator");
        for (int i = 0; i < roles.size(); i++) {
            String role = roles.get(i);
            registry.add("ums.admin.users[" + i + "].name", () -> role);
            registry.add("ums.admin.users[" + i + "].password", () -> UmsClient.ADMIN_PASSWORD);
            registry.add("ums.admin.users[" + i + "].role", () -> role);
        }
    }

    /** The settings of every service in tests: ports and a home of its own, and a known admin. */
    public static void smallAndQuick(DynamicPropertyRegistry registry) {
        // A generous timeout, as the machine may be busy; a condition that holds ends the wait at once.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Path home = newHome();
        registry.add("ums.home", home::toString);
        registry.add("ums.inbox.port", () -> 0);
        registry.add("management.server.port", () -> 0);
        registry.add("ums.admin.password", () -> UmsClient.ADMIN_PASSWORD);
        registry.add("ums.email.from", () -> "UMS <ums@example.com>");
        registry.add("logging.file.name", () -> home.resolve("logs/ums.json").toString());
    }

    private static Path newHome() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "test-homes")), "home");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

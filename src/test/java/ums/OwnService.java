package ums;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/** A service that a test starts and stops itself, in addition to the one that the stories share. */
public final class OwnService {

    private OwnService() {}

    /** Starts it on its embedded database, with ports of its own. Its log is {@code logs/ums.json} below its home. */
    public static ConfigurableApplicationContext start(Path home, String... more) {
        // Logging is configured once per JVM, by the first service. This makes the new service configure it again.
        LoggingSystem.get(OwnService.class.getClassLoader()).cleanUp();
        List<String> arguments = new ArrayList<>(List.of(
                "--ums.home=" + home,
                "--server.port=0",
                "--management.server.port=0",
                "--ums.inbox.port=0",
                "--logging.file.name=" + home.resolve("logs/ums.json")));
        arguments.addAll(List.of(more));
        return new SpringApplication(UmsApplication.class, UmsClient.class).run(arguments.toArray(String[]::new));
    }

    /** Starts it on a database of the tests' server. */
    public static ConfigurableApplicationContext start(Path home, TestDatabase database, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--ums.admin.password=" + UmsClient.ADMIN_PASSWORD,
                "--ums.email.from=ums@example.com"));
        arguments.addAll(List.of(more));
        return start(home, arguments.toArray(String[]::new));
    }
}

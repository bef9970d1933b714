package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL refuses to run as root; UMS does not. */
class ServerAccountTest {

    private static final int NOBODY = 65534;

    private static final ServerAccount IN_USER_NAMESPACE = ServerAccount.inUserNamespace();
    private static final ServerAccount AS_NOBODY = ServerAccount.lowered(NOBODY);

    /** Not below this project, as the user nobody may be unable to reach it. */
    @TempDir
    static Path programs;

    @TempDir
    Path folder;

    @BeforeEach
    void rootOnly() throws IOException {
        assumeTrue(ownerOf(folder) == 0, "these tests are for root");
        assumeTrue(IN_USER_NAMESPACE.works(), "this system allows no user namespaces");
        assumeTrue(AS_NOBODY.works(), "this system has no setpriv");
        for (Path path : List.of(programs, folder)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aServerInAUserNamespaceLeavesItsFilesToRoot() throws IOException {
        start(IN_USER_NAMESPACE).close();
        assertThat(ownerOf(folder.resolve("data"))).isZero();
        assertThat(ServerAccount.choose(ServerFolder.at(folder))).isEqualTo(IN_USER_NAMESPACE);

        // Where namespaces are forbidden later on, the owner of its files does not change.
        start(AS_NOBODY).close();
        assertThat(ownerOf(folder.resolve("data").resolve("PG_VERSION"))).isEqualTo(NOBODY);
    }

    @Test
    void aServerThatRunsAsNobodyKeepsItsOwner() throws IOException {
        start(AS_NOBODY).close();
        start(AS_NOBODY).close();
        assertThat(ownerOf(folder.resolve("data"))).isEqualTo(NOBODY);
        assertThat(ServerAccount.choose(ServerFolder.at(folder))).isEqualTo(AS_NOBODY);
    }

    private EmbeddedPostgres start(ServerAccount account) {
        return EmbeddedPostgres.start(folder, programs, _ -> account);
    }

    private static int ownerOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}

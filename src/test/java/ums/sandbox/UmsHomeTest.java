package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class UmsHomeTest {

    @TempDir
    Path temporary;

    @Test
    void createsTheFolderAndLocksItUntilItIsClosed() throws Exception {
        Path folder = temporary.resolve("not").resolve("yet");
        try (UmsHome home = new UmsHome(folder)) {
            assertThat(home.folder()).isEqualTo(folder.toRealPath()).isDirectory();
            assertThatThrownBy(() -> new UmsHome(folder)).isInstanceOf(SandboxException.class);
            // A failed try must not have released the lock.
            assertThatThrownBy(() -> new UmsHome(folder)).isInstanceOf(SandboxException.class);
        }
        new UmsHome(folder).close();
    }

    @Test
    void locksOneFolderUnderAllItsNames() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("home"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), folder);
        try (UmsHome _ = new UmsHome(folder)) {
            assertThatThrownBy(() -> new UmsHome(link)).isInstanceOf(SandboxException.class);
        }
    }

    @Test
    void aSecondProcessIsRefusedWithTheHoldersIdAndAKillReleasesTheLock() throws Exception {
        try (OtherUms other = OtherUms.thatHolds(temporary)) {
            assertThatThrownBy(() -> new UmsHome(temporary))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining(temporary.toRealPath().toString())
                    .hasMessageContaining("process " + other.pid());
            other.kill();
            new UmsHome(temporary).close();
        }
    }

    @Test
    void permissionsLeftOpenByAnEarlierReleaseAreClosed() throws Exception {
        Path mail = Files.writeString(
                Files.createDirectories(temporary.resolve("inbox")).resolve("1.mail"), "a mail");
        Path log = Files.writeString(
                Files.createDirectories(temporary.resolve("logs")).resolve("ums.json.2026-11-01.0.gz"), "lines");
        for (Path each : List.of(mail, log)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rw-r--r--"));
            Files.setPosixFilePermissions(each.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        try (UmsHome _ = new UmsHome(temporary)) {
            for (Path each : List.of(mail, log, temporary.resolve("ums.lock"))) {
                assertThat(permissions(each)).isEqualTo("rw-------");
            }
            assertThat(permissions(mail.getParent())).isEqualTo("rwx------");
            assertThat(permissions(log.getParent())).isEqualTo("rwx------");
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aFolderThatCannotBeCreatedIsReported() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> new UmsHome(file.resolve("home")))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void anApplicationOnALockedHomeEndsWithAnActionInsteadOfAStackTrace(CapturedOutput output) throws Exception {
        try (UmsHome _ = new UmsHome(temporary)) {
            SpringApplication application = new SpringApplication(JustTheHome.class);
            application.setWebApplicationType(WebApplicationType.NONE);
            assertThatThrownBy(() -> application.run("--ums.home=" + temporary));
        }
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("is in use by another UMS (process "
                        + ProcessHandle.current().pid() + ")")
                .contains("give this one a folder of its own with ums.home")
                .doesNotContain("\tat ");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(HomeProperties.class)
    @Import(UmsHome.class)
    static class JustTheHome {}
}

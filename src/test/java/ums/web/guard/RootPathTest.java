package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.mock.env.MockEnvironment;
import ums.OwnService;

/** Security rules match absolute paths, so UMS must not be served below a path. */
class RootPathTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"server.servlet.context-path", "spring.mvc.servlet.path"})
    void aStartBelowAPathIsRefusedByTheNameOfTheProperty(String property) {
        assertThatThrownBy(
                        () -> OwnService.start(home, "--" + property + "=/ums").close())
                .rootCause()
                .isInstanceOfSatisfying(
                        InvalidConfigurationPropertyValueException.class,
                        it -> assertThat(it.getName()).isEqualTo(property));
        assertThat(home.resolve("postgres")).doesNotExist();
    }

    @Test
    void theRootPathIsAllowed() {
        MockEnvironment root = new MockEnvironment()
                .withProperty("server.servlet.context-path", "/")
                .withProperty("spring.mvc.servlet.path", "");

        assertThatCode(() -> new RootPath(root).customize(new TomcatServletWebServerFactory()))
                .doesNotThrowAnyException();
    }
}

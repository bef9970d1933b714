package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import ums.RawHttp;
import ums.UmsStory;
import ums.sandbox.UmsHome;

/** The changes to Tomcat's behaviour, on the service's port and on the actuator's. */
class TomcatTest extends UmsStory {

    @Autowired
    ServletContext servlets;

    @Autowired
    UmsHome home;

    @ParameterizedTest
    @ValueSource(strings = {"ums_api:8080", "my_ums", "_ums", "ums_1_api:8080", "ums_", "UMS_API.example.com."})
    void aHostMayHaveUnderscores(String host) throws IOException {
        assertThat(RawHttp.status(get(ums.port(), "/docs", host))).isEqualTo(200);
        assertThat(RawHttp.status(get(ums.port(), "http://" + host + "/docs", host)))
                .isEqualTo(200);
        assertThat(RawHttp.status(get(ums.actuatorPort(), "/actuator/health/liveness", host)))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ums_api:80x", "ums_<script>", "ums_api/x", "ums _api", "a_b@c", "[::_1]", "ums_..x"})
    void anInvalidHostIsStillRefused(String host) throws IOException {
        for (int port : new int[] {ums.port(), ums.actuatorPort()}) {
            String refused = get(port, "/docs", host);
            assertThat(RawHttp.status(refused)).as(host).isEqualTo(400);
            assertThat(refused)
                    .contains("application/problem+json", "the Host or another header is not as HTTP has it");
        }
    }

    @Test
    void itsDirectoriesAreBelowTheHomeAndNotBelowTheTemporaryDirectory() {
        Path below = home.folder().resolve("tomcat");

        assertThat((File) servlets.getAttribute(ServletContext.TEMPDIR))
                .satisfies(it -> assertThat(it.toPath()).startsWith(below.resolve("server")));
        assertThat(Path.of(servlets.getRealPath("/"))).startsWith(below.resolve("server"));
        assertThat(below.resolve("management/documents")).isEmptyDirectory();
    }

    private static String get(int port, String target, String host) throws IOException {
        try (RawHttp connection = new RawHttp(port)) {
            return connection
                    .send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .readAll();
        }
    }
}

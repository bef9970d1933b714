package ums.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The URL in the credentials file is one that a client can use. */
class AccessConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "192.0.2.7, 192.0.2.7",
        "localhost, localhost",
        "ums_api, ums_api",
        "0.0.0.0, 127.0.0.1",
        "::, 127.0.0.1",
        "0:0:0:0:0:0:0:0, 127.0.0.1",
        "'', 127.0.0.1",
        "::1, [::1]",
        "[::1], [::1]",
        "2001:db8::1, [2001:db8::1]"
    })
    void aHostIsWrittenAsUrlsHaveIt(String address, String host) {
        assertThat(AccessConfiguration.host(address)).isEqualTo(host);
    }

    @Test
    void anIpv6AddressNeedsNoQuotes(@TempDir Path home) throws Exception {
        Path file = home.resolve("sandbox.env");
        new CredentialsFile(file).write(Map.of("UMS_URL", "http://[::1]:8080"));

        assertThat(Files.readString(file)).isEqualTo("UMS_URL=http://[::1]:8080\n");
    }
}

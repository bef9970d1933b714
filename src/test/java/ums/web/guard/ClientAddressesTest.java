package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

/** A forwarded address counts only where a trusted proxy wrote it. */
class ClientAddressesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9   | 198.51.100.1                        | 203.0.113.9",
                "10.0.0.1      | 198.51.100.1                        | 198.51.100.1",
                "10.0.0.1      | 192.0.2.66, 198.51.100.1            | 198.51.100.1",
                "10.0.0.1      | 192.0.2.66, 198.51.100.1, 10.9.9.9  | 198.51.100.1",
                "10.0.0.1      | 10.1.1.1, 10.2.2.2                  | 10.1.1.1",
                "10.0.0.1      | 198.51.100.1:4711                   | 198.51.100.1",
                "10.0.0.1      | [2001:db8:1:2:3:4:5:6]:4711         | 20010db800010002",
                "10.0.0.1      | 192.0.2.66, nonsense                | 10.0.0.1",
                "10.0.0.1      | 192.0.2.66, nonsense, 10.3.3.3      | 10.3.3.3",
                "10.0.0.1      | ''                                  | 10.0.0.1",
                "fd00::1       | 198.51.100.1                        | 198.51.100.1",
                "2001:db8:1:2::7 | 198.51.100.1                      | 20010db800010002",
                "::ffff:10.0.0.1 | 198.51.100.1                      | 198.51.100.1",
                "127.0.0.1     |                                     | 127.0.0.1",
            })
    void isReadFromTheRightUpToTheFirstUntrustedAddress(String peer, String forwarded, String expected) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(peer);
        if (forwarded != null) {
            request.addHeader("X-Forwarded-For", forwarded);
        }

        assertThat(addresses("10.0.0.0/8", "fd00::/8").of(request)).isEqualTo(expected);
    }

    @Test
    void severalHeadersAreOneList() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr("10.0.0.1");
        request.addHeader("X-Forwarded-For", "192.0.2.66");
        request.addHeader("X-Forwarded-For", "198.51.100.1");

        assertThat(addresses("10.0.0.1").of(request)).isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proxy.example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10/8", "10.1/16", "10", ""})
    void anInvalidRangeIsRefusedByName(String range) {
        assertThatThrownBy(() -> addresses(range)).hasMessageStartingWith("ums.limits.trusted-proxies");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
    })
    void aRangeContainsAddressesWithItsPrefix(String range, String address, boolean inside) {
        assertThat(AddressRange.parse(range)
                        .contains(AddressRange.parse(address).network()))
                .isEqualTo(inside);
    }

    private static ClientAddresses addresses(String... proxies) {
        return new ClientAddresses(
                new LimitsProperties(1, 1, DataSize.ofMegabytes(1), 1, Duration.ofSeconds(1), List.of(proxies)));
    }
}

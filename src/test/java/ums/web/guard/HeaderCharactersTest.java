package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** The predicates are as strict as Spring Security's regular expressions. */
class HeaderCharactersTest {

    @Test
    void areThoseThatSpringSecurityAllowsAndTheOctetsOfUtf8() {
        for (char it = 0; it <= 0xff; it++) {
            String header = "a" + it;
            assertThat(HeaderCharacters.fitName(header))
                    .as("U+%04X", (int) it)
                    .isEqualTo(StrictHttpFirewall.ALLOWED_HEADER_NAMES.test(header));
            assertThat(HeaderCharacters.fitValue(header))
                    .as("U+%04X", (int) it)
                    .isEqualTo(it >= 0x80 || StrictHttpFirewall.ALLOWED_HEADER_VALUES.test(header));
        }
        assertThat(HeaderCharacters.fitName("\u2028")).isFalse();
        assertThat(HeaderCharacters.fitValue("\u2028")).isFalse();
    }
}

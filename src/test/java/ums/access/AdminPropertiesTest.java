package ums.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Configured accounts. An error names the property, and never the password. */
class AdminPropertiesTest {

    @Test
    void severalAdminsHaveRoles() {
        AdminProperties properties = bind(Map.of(
                "ums.admin.password", "secret",
                "ums.admin.users[0].name", "kim",
                "ums.admin.users[0].password", "{bcrypt}" + Passwords.hash("x"),
                "ums.admin.users[0].role", "operator",
                "ums.admin.users[1].name", "lee",
                "ums.admin.users[1].password", "y"));

        assertThat(properties.username()).isEqualTo("admin");
        assertThat(properties.users())
                .extracting(AdminProperties.User::role)
                .containsExactly(AdminRole.OPERATOR, AdminRole.VIEWER);
        assertThat(properties.toString() + properties.users()).doesNotContain("secret", "$2a$");
    }

    @ParameterizedTest
    @CsvSource({
        "ums.admin.users[0].password, {bcrypt}my-secret, ums.admin.users[0].password",
        "ums.admin.users[0].password, {argon2}my-secret, ums.admin.users[0].password",
        "ums.admin.users[0].password, '', ums.admin.users[0].password",
        "ums.admin.users[0].name, a:my-secret, ums.admin.users[0].name",
        "ums.admin.users[0].name, admin, ums.admin.users[0].name",
        "ums.admin.password, my-secret-my-secret-my-secret-my-secret-my-secret-my-secret-my-secret-my-secret, ums.admin.password",
        "ums.admin.username, '', ums.admin.username",
    })
    void anErrorNamesItsPropertyAndNotThePassword(String property, String value, String named) {
        Map<String, String> values =
                new java.util.HashMap<>(Map.of("ums.admin.users[0].name", "kim", "ums.admin.users[0].password", "x"));
        values.put(property, value);

        assertThatThrownBy(() -> bind(values))
                .rootCause()
                .hasMessageStartingWith(named)
                .hasMessageNotContaining("my-secret");
    }

    private static AdminProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("ums.admin", AdminProperties.class);
    }
}

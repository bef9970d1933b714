package ums.access;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who administrates.
 *
 * @param username the name for HTTP Basic and the console; admin
 * @param password the password; unset: generated at the first start
 */
@Validated
@ConfigurationProperties("ums.admin")
record AdminProperties(
        @DefaultValue("admin") @NotBlank String username,
        @Nullable String password) {

    /** Without the password, so that it cannot reach a log. */
    @Override
    public String toString() {
        return username;
    }
}

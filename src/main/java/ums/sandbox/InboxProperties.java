package ums.sandbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The built-in inbox.
 *
 * @param port its SMTP port on loopback, 0 for any that is free
 */
@Validated
@ConfigurationProperties("ums.inbox")
record InboxProperties(
        @DefaultValue("2525")
        @Min(value = 0, message = "ums.inbox.port must be between 0 and 65535") @Max(value = 65_535, message = "ums.inbox.port must be between 0 and 65535") int port) {}

package ums.message;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Defaults for messages that do not say it themselves.
 *
 * @param onUnknown what follows an unknown outcome: {@code RETRY} (the default) sends the message again with the same
 *     Message-ID, {@code REVIEW} leaves it to an operator
 */
@ConfigurationProperties("ums.delivery")
public record DeliveryProperties(@DefaultValue("RETRY") OnUnknown onUnknown) {}

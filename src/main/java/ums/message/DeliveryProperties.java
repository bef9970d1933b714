package ums.message;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a delivery is to be where the message does not say.
 *
 * @param onUnknown what happens when nobody can know whether the provider took a message: {@code RETRY} (the default)
 *     sends it again with the same Message-ID, {@code REVIEW} leaves it to a person
 */
@ConfigurationProperties("ums.delivery")
public record DeliveryProperties(@DefaultValue("RETRY") OnUnknown onUnknown) {}

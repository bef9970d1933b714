package ums.channel.email;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The channel's bean. */
@Configuration(proxyBeanMethods = false)
class EmailConfiguration {

    @Bean
    EmailChannel emailChannel(EmailProperties properties) {
        return new EmailChannel(properties.from());
    }
}

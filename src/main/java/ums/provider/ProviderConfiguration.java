package ums.provider;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;
import ums.channel.Channel;

/** The accounts and routes of {@code ums.providers.*}, {@code ums.routes.*} and the types' short forms. */
@Configuration(proxyBeanMethods = false)
class ProviderConfiguration {

    @Bean
    Providers providers(
            Environment environment,
            ObjectProvider<Validator> validator,
            List<ProviderType<?>> types,
            List<Channel<?>> channels,
            SandboxAccounts sandbox,
            ApplicationEventPublisher events) {
        return new AccountReader(environment, validator.getObject(), types, channels, events::publishEvent)
                .read(sandbox);
    }
}

package ums.web.console;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;

/** Spring MVC beans for the console. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

    @Bean
    LocaleResolver localeResolver() {
        return new Language();
    }
}

package ums.web.console;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;

/** What the pages need of Spring MVC beside their controllers. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

    @Bean
    LocaleResolver localeResolver() {
        return new Language();
    }
}

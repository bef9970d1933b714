package ums.web.guard;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Refuses to start unless UMS is served at the root of its host. The console's cookies and links, and the security
 * rules, match absolute paths.
 */
@Component
class RootPath implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final Environment environment;

    RootPath(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        check("server.servlet.context-path");
        check("spring.mvc.servlet.path");
    }

    /**
     * @throws InvalidConfigurationPropertyValueException which Spring Boot's failure analyzer explains to the operator
     */
    private void check(String property) {
        String path = environment.getProperty(property, "");
        if (!path.isBlank() && !path.strip().equals("/")) {
            throw new InvalidConfigurationPropertyValueException(
                    property, path, "UMS is served at the root: give it a host name or a port of its own");
        }
    }
}

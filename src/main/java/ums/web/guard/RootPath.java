package ums.web.guard;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Lets UMS be served at the root of its host only. Below a path the console's cookies and links would lead past it, and
 * below a servlet's the guards, who know the rooms by their paths, would not know them.
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

    /** @throws InvalidConfigurationPropertyValueException which Spring Boot tells the operator in words */
    private void check(String property) {
        String path = environment.getProperty(property, "");
        if (!path.isBlank() && !path.strip().equals("/")) {
            throw new InvalidConfigurationPropertyValueException(
                    property, path, "UMS is served at the root: give it a host name or a port of its own");
        }
    }
}

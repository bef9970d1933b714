package ums.web.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import ums.sandbox.UmsHome;

/**
 * Tomcat's limits and directories that have no Spring Boot property; the rest is in {@code application.yaml}. Applies
 * to the service's port and to the actuator's, whose server has a child context.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class TomcatConfiguration {

    /** Read up to twice the limit, so that a client that sends somewhat too much still sees the 413. */
    private static final int MAX_UNREAD = 2;

    /** The maximum size of chunk extensions and trailers in bytes; UMS uses neither. */
    private static final String LONGEST_EXTENSION = "16";

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> slowClients(LimitsProperties limits) {
        return tomcat -> {
            tomcat.setProtocol(HeaderDeadlineProtocol.class.getName());
            tomcat.addConnectorCustomizers(connector -> {
                // Tomcat reads these in one go, without checking a body's deadline.
                connector.setProperty("maxExtensionSize", LONGEST_EXTENSION);
                connector.setProperty("maxTrailerSize", LONGEST_EXTENSION);
                ProtocolHandler protocol = connector.getProtocolHandler();
                if (protocol instanceof HeaderDeadlineProtocol http) {
                    http.setHeaderDeadline(limits.readTimeout());
                }
            });
            tomcat.addEngineValves(new UnreadBodyValve(
                    limits.readTimeout(), MAX_UNREAD * limits.maxRequestSize().toBytes()));
            if (!limits.trustedProxies().isEmpty()) {
                tomcat.addEngineValves(new TlsProxyValve(limits.proxies()));
            }
            tomcat.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemReportValve.class.getName());
                }
            });
        };
    }

    /** Below {@code ums.home}, as the directory for temporary files may be read-only or cleaned up periodically. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> directories(UmsHome home, ApplicationContext context) {
        Path base = home.closedFolder("tomcat").resolve(context.getParent() == null ? "server" : "management");
        return tomcat -> {
            tomcat.setBaseDirectory(created(base).toFile());
            // Empty: no static files are served from it.
            tomcat.setDocumentRoot(created(base.resolve("documents")).toFile());
        };
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + folder, e);
        }
    }
}

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
 * How long and how much Tomcat reads and where it writes, for which it has no setting; the rest is in {@code
 * application.yaml}. For the service's port, and for the actuator's, whose server is made in a context of its own.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class TomcatConfiguration {

    /** A client that sends somewhat too much still gets to see the 413. */
    private static final int MOST_UNREAD = 2;

    /** Of chunk extensions and trailers, of which nobody here has any use; in bytes. */
    private static final String LONGEST_EXTENSION = "16";

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> slowClients(LimitsProperties limits) {
        return tomcat -> {
            tomcat.setProtocol(HeaderDeadlineProtocol.class.getName());
            tomcat.addConnectorCustomizers(connector -> {
                // Tomcat reads them to their end in one go, so that no deadline for a body is looked at meanwhile.
                connector.setProperty("maxExtensionSize", LONGEST_EXTENSION);
                connector.setProperty("maxTrailerSize", LONGEST_EXTENSION);
                ProtocolHandler protocol = connector.getProtocolHandler();
                if (protocol instanceof HeaderDeadlineProtocol http) {
                    http.setHeaderDeadline(limits.readTimeout());
                }
            });
            tomcat.addEngineValves(new UnreadBodyValve(
                    limits.readTimeout(), MOST_UNREAD * limits.maxRequestSize().toBytes()));
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

    /** Below {@code ums.home}, as the folder for temporary files may be read-only, and is swept now and then. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> folders(UmsHome home, ApplicationContext context) {
        Path base = home.closedFolder("tomcat").resolve(context.getParent() == null ? "server" : "management");
        return tomcat -> {
            tomcat.setBaseDirectory(created(base).toFile());
            // Empty: nothing is served from it.
            tomcat.setDocumentRoot(created(base.resolve("documents")).toFile());
        };
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }
}

package ums.web.guard;

import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How long and how much Tomcat reads, where it has no setting for it; the rest is in {@code application.yaml}. */
@Configuration(proxyBeanMethods = false)
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
}

package ums.provider.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** How connections to one server are encrypted, and whether its certificate is checked. */
final class SmtpTls {

    private final SmtpServer server;
    private final boolean verifies;
    private @Nullable SSLContext context;

    /** @param trust the certificates that are trusted where they are checked; null for Java's own list */
    SmtpTls(SmtpServer server, @Nullable SSLContext trust) {
        this.server = server;
        verifies = switch (server.tls()) {
            case AUTO -> server.username() != null || server.password() != null;
            case REQUIRED, IMPLICIT -> true;
            case OFF -> false;
        };
        context = verifies ? trust : null;
    }

    /** Wraps a connected socket in TLS with the server's name (SNI); the caller starts the handshake. */
    SSLSocket wrap(Socket socket) throws IOException {
        SSLSocket wrapped =
                (SSLSocket) context().getSocketFactory().createSocket(socket, server.host(), server.port(), true);
        if (verifies) {
            SSLParameters parameters = wrapped.getSSLParameters();
            // The algorithm "HTTPS" checks the name in the certificate as RFC 9525 requires, for any protocol.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            wrapped.setSSLParameters(parameters);
        }
        return wrapped;
    }

    /** Created at the first use, as reading Java's list of authorities takes a while. */
    private synchronized SSLContext context() throws SSLException {
        if (context == null) {
            try {
                context = verifies ? SSLContext.getDefault() : trustingAnyCertificate();
            } catch (GeneralSecurityException e) {
                throw new SSLException(e);
            }
        }
        return context;
    }

    private static SSLContext trustingAnyCertificate() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return context;
    }

    /**
     * Opportunistic encryption (RFC 7435): it protects against eavesdroppers. It cannot protect against a man in the
     * middle while plain text is allowed: refusing a certificate here would only send the mail unencrypted.
     */
    private static final class AnyCertificate extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

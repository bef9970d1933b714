package ums.provider.smtp;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import ums.provider.Outcome;
import ums.provider.Reply;

/** The dialogue on a new connection before the first message: greeting, EHLO, STARTTLS, AUTH. */
final class SmtpHandshake {

    private final SmtpWire wire;
    private final SmtpServer server;
    private final SmtpTls tls;
    private final String ownName;

    /** @param ownName this host's fully qualified name or address literal, for EHLO */
    SmtpHandshake(SmtpWire wire, SmtpServer server, SmtpTls tls, String ownName) {
        this.wire = wire;
        this.server = server;
        this.tls = tls;
        this.ownName = ownName;
    }

    /** Makes the connection ready for MAIL and returns the server's extensions. */
    SmtpExtensions perform() throws SmtpFault {
        if (server.tls() == SmtpServer.Tls.IMPLICIT) {
            wire.encrypt(tls);
        }
        expectPositive(SmtpPhase.GREETING, wire.read(SmtpPhase.GREETING));
        SmtpExtensions offered = ehlo();
        if (startsTls(offered)) {
            wire.put("STARTTLS\r\n").flush(SmtpPhase.STARTTLS);
            expectPositive(SmtpPhase.STARTTLS, wire.read(SmtpPhase.STARTTLS));
            wire.encrypt(tls);
            // RFC 3207 section 4.2: extensions offered before TLS are discarded.
            offered = ehlo();
        }
        String username = server.username();
        if (username != null) {
            authenticate(offered, username, Objects.requireNonNullElse(server.password(), ""));
        }
        return offered;
    }

    /** Whether a password may be sent over such a connection. */
    static boolean isSafeForPassword(boolean encrypted, InetAddress to) {
        return encrypted || to.isLoopbackAddress();
    }

    private SmtpExtensions ehlo() throws SmtpFault {
        List<String> lines = new ArrayList<>();
        wire.put("EHLO " + ownName + "\r\n").flush(SmtpPhase.EHLO);
        Reply reply = wire.read(SmtpPhase.EHLO, lines);
        if (reply.code() == 500 || reply.code() == 502) {
            // RFC 5321 section 3.2: an old server that knows only HELO.
            wire.put("HELO " + ownName + "\r\n").flush(SmtpPhase.EHLO);
            expectPositive(SmtpPhase.EHLO, wire.read(SmtpPhase.EHLO));
            return SmtpExtensions.NONE;
        }
        expectPositive(SmtpPhase.EHLO, reply);
        return SmtpExtensions.of(lines);
    }

    private boolean startsTls(SmtpExtensions offered) throws SmtpFault {
        return switch (server.tls()) {
            case AUTO -> offered.startTls();
            case REQUIRED -> {
                if (!offered.startTls()) {
                    throw refused(SmtpPhase.STARTTLS, "TLS is required, and the server does not offer STARTTLS");
                }
                yield true;
            }
            case IMPLICIT, OFF -> false;
        };
    }

    private void authenticate(SmtpExtensions offered, String username, String password) throws SmtpFault {
        if (!isSafeForPassword(wire.isEncrypted(), wire.remoteAddress())) {
            throw refused(SmtpPhase.AUTH, "the connection is not encrypted, and no password goes over it in clear");
        }
        if (offered.plain()) {
            // RFC 4616 section 2, sent with the command (RFC 4954 section 4).
            wire.put("AUTH PLAIN " + base64("\0" + username + "\0" + password) + "\r\n");
        } else if (offered.login()) {
            wire.put("AUTH LOGIN\r\n").flush(SmtpPhase.AUTH);
            expectChallenge();
            wire.put(base64(username) + "\r\n").flush(SmtpPhase.AUTH);
            expectChallenge();
            wire.put(base64(password) + "\r\n");
        } else {
            throw refused(SmtpPhase.AUTH, "the server offers neither AUTH PLAIN nor AUTH LOGIN");
        }
        wire.flush(SmtpPhase.AUTH);
        expectPositive(SmtpPhase.AUTH, wire.read(SmtpPhase.AUTH));
    }

    private void expectChallenge() throws SmtpFault {
        Reply reply = wire.read(SmtpPhase.AUTH);
        if (reply.code() != 334) {
            expectPositive(SmtpPhase.AUTH, reply);
            throw new SmtpFault(SmtpReplies.unreadable(SmtpPhase.AUTH, reply.code() + " is no answer here"));
        }
    }

    private void expectPositive(SmtpPhase phase, Reply reply) throws SmtpFault {
        Outcome outcome = wire.judge(phase, reply);
        if (outcome != null) {
            throw new SmtpFault(outcome);
        }
    }

    private static SmtpFault refused(SmtpPhase phase, String detail) {
        return new SmtpFault(SmtpReplies.refused(phase, detail));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

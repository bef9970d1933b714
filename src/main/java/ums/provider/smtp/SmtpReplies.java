package ums.provider.smtp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import ums.provider.Outcome;
import ums.provider.Outcome.AuthenticationRefused;
import ums.provider.Outcome.Deferred;
import ums.provider.Outcome.Disconnected;
import ums.provider.Outcome.Rejected;
import ums.provider.Outcome.Sent;
import ums.provider.Outcome.TimedOut;
import ums.provider.Outcome.Unknown;
import ums.provider.Reply;

/**
 * Maps replies, timeouts and losses at each phase of the dialogue to outcomes: the table "What follows an attempt" of
 * the contract, as pure functions.
 */
final class SmtpReplies {

    private static final int SERVICE_NOT_AVAILABLE = 421;
    private static final int TEMPORARILY_NO_TLS_OR_AUTHENTICATION = 454;
    private static final int START_MAIL_INPUT = 354;

    /** Sent by Office 365 and others, for too many connections and for too many concurrent messages. */
    private static final int TOO_MANY_CONCURRENT = 432;

    private static final int INSUFFICIENT_STORAGE = 452;

    private static final Pattern ABOUT_CONNECTIONS = both(
            "connections?|sessions?|sender thread|smtp threads?",
            "too many|concurren|simultaneous|maximum|exceed|limit");
    private static final Pattern ABOUT_RECIPIENTS =
            both("recipients?|rcpts?", "too many|maximum|exceed|limit|enough|at once");
    private static final Pattern ABOUT_A_MAILBOX = Pattern.compile("(?i)mailbox|quota|storage|space|full\\b");
    private static final Pattern ENHANCED_CODE = Pattern.compile("[245]\\.(\\d{1,3}\\.\\d{1,3})(?=\\D|$)");

    private SmtpReplies() {}

    /**
     * Maps a readable reply (RFC 5321 section 4.2.1) to an outcome.
     *
     * @return null where the reply is positive and the dialogue goes on; {@link Sent} where it is positive to the body
     */
    static @Nullable Outcome judge(SmtpPhase phase, Reply reply) {
        if (isPositive(phase, reply.code())) {
            return phase == SmtpPhase.FINAL_DOT ? new Sent(reply) : null;
        }
        return switch (reply.code()) {
            case SERVICE_NOT_AVAILABLE -> new Disconnected(phase.name(), reply.toString(), reply);
            // RFC 3207 section 4, RFC 4954 section 6: a temporary failure.
            case TEMPORARILY_NO_TLS_OR_AUTHENTICATION -> new Deferred(phase.name(), reply);
            // RFC 4954 section 6: about the client's credentials, whichever command it answers.
            case 530, 534, 535, 538 -> new AuthenticationRefused(phase.name(), reply.toString(), reply);
            default -> byFirstDigit(phase, reply);
        };
    }

    /** Whether the server closes the connection with this reply (421). */
    static boolean isClosing(Reply reply) {
        return reply.code() == SERVICE_NOT_AVAILABLE;
    }

    /** Whether the server refuses for now because of too many connections, or too many messages over one. */
    static boolean isAboutConnections(@Nullable Outcome outcome, Reply reply) {
        return !(outcome instanceof Outcome.AccountRefused)
                && reply.code() / 100 == 4
                && (reply.code() == TOO_MANY_CONCURRENT
                        || ABOUT_CONNECTIONS.matcher(reply.text()).find());
    }

    /**
     * Whether a reply to RCPT may mean that the transaction has as many recipients as the server takes: by RFC 3463's
     * X.5.3, by its text, or (RFC 5321 section 4.5.3.1.10) by 452 without another reason. A full mailbox is no limit of
     * recipients.
     */
    static boolean isRecipientLimit(Reply reply) {
        if (reply.code() < 400) {
            return false;
        }
        Matcher enhanced = ENHANCED_CODE.matcher(reply.text());
        if (enhanced.lookingAt() && enhanced.group(1).equals("5.3")) {
            return true;
        }
        if (ABOUT_RECIPIENTS.matcher(reply.text()).find()) {
            return true;
        }
        return reply.code() == INSUFFICIENT_STORAGE
                && !enhanced.reset().lookingAt()
                && !ABOUT_A_MAILBOX.matcher(reply.text()).find();
    }

    private static Pattern both(String what, String how) {
        return Pattern.compile("(?i)\\b(" + what + ")\\b.*(" + how + ")|(" + how + ").*\\b(" + what + ")\\b");
    }

    /** The connection was lost, or could not be opened. */
    static Outcome lost(SmtpPhase phase, String detail) {
        return isInDoubt(phase) ? new Unknown(phase.name(), detail) : new Disconnected(phase.name(), detail, null);
    }

    /** The server sent no valid reply, or one that is not allowed there. */
    static Outcome unreadable(SmtpPhase phase, String detail) {
        return lost(phase, "unreadable reply: " + detail);
    }

    /** The server did not answer in time. */
    static Outcome timedOut(SmtpPhase phase, String detail) {
        return isInDoubt(phase) ? new Unknown(phase.name(), detail) : new TimedOut(phase.name(), detail);
    }

    /** A bug in UMS. Only the exception's class is shown, as its message may hold content. */
    static Outcome failed(SmtpPhase phase, RuntimeException bug) {
        return lost(phase, "internal error: " + bug.getClass().getSimpleName());
    }

    /** TLS or AUTH is not possible as configured. */
    static Outcome refused(SmtpPhase phase, String detail) {
        return new AuthenticationRefused(phase.name(), detail, null);
    }

    private static boolean isPositive(SmtpPhase phase, int code) {
        return phase == SmtpPhase.DATA ? code == START_MAIL_INPUT : code / 100 == 2;
    }

    private static Outcome byFirstDigit(SmtpPhase phase, Reply reply) {
        return switch (reply.code() / 100) {
            case 4 ->
                switch (phase) {
                    case CONNECT, GREETING, EHLO, STARTTLS -> new Disconnected(phase.name(), reply.toString(), reply);
                    case AUTH, MAIL, RCPT, DATA, BODY, FINAL_DOT -> new Deferred(phase.name(), reply);
                };
            case 5 ->
                switch (phase) {
                    case CONNECT, GREETING, EHLO, STARTTLS -> new Disconnected(phase.name(), reply.toString(), reply);
                    case AUTH -> new AuthenticationRefused(phase.name(), reply.toString(), reply);
                    case MAIL, RCPT, DATA, BODY, FINAL_DOT -> new Rejected(phase.name(), reply);
                };
            // A 2yz instead of 354, or a 3yz instead of 2yz: client and server are out of sync, so no reply can be
            // trusted any more.
            default -> unreadable(phase, reply.code() + " is no answer here");
        };
    }

    private static boolean isInDoubt(SmtpPhase phase) {
        return phase == SmtpPhase.FINAL_DOT;
    }
}

package ums.provider.smtp;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import ums.provider.Outcome;
import ums.provider.Reply;

/**
 * Whose server an account is at ({@code ums.providers.<id>.preset}), and the replies by which that provider refuses the account
 * instead of the message: a sender that is not registered there, an account that is suspended or has used up its quota. They
 * differ in code and phase, and the words are what they have in common, so a 4yz or 5yz with one of them is {@link
 * Outcome.AccountRefused} wherever it comes.
 *
 * <p>The words are from the providers' documentation and from replies that their users published, as read in November 2026. No
 * live account was used, so none of them was seen by this client. What a provider says in other words stays what its code says.
 */
public enum SmtpPreset {
    /** A relay of the operator's own, or a provider without a preset: the codes decide alone. */
    RELAY(),

    /**
     * Amazon SES. Documented: 554 for an identity that is not verified, 454 for the daily quota (another 454, for the rate, is
     * the message's: it goes through a moment later). Published by users: sending paused or suspended; by which code SMTP says
     * so was not verified.
     */
    SES(
            "email address is not verified",
            "identities failed the check in region",
            "daily message quota exceeded",
            "sending paused for this account",
            "sending suspended for this account"),

    /**
     * Postmark. The words are those of its HTTP API (errors 400, 401, 405, 412, 413). Whether its SMTP server says them in the
     * dialogue was not verified: it takes some messages first, and reports their refusal as an "SMTP API error" later.
     */
    POSTMARK(
            "sender signature not defined for from address",
            "is not a sender signature on your account",
            "sender signature not confirmed",
            "not allowed to send",
            "account is pending",
            "account may not send"),

    /**
     * SendGrid. Documented: a sender that is no verified identity (550 after the body, as users published). Published by users:
     * 451 to AUTH where the credits are used up.
     */
    SENDGRID(
            "does not match a verified sender identity",
            "not authorized to send from that email address",
            "maximum credits exceeded"),

    /**
     * Mailgun. Published by users, as 421 to DATA and as 554 to the body: a domain that may not send, a sandbox domain, an account that
     * was never activated. A free account's words are from the same sources and were not verified.
     */
    MAILGUN(
            "is not allowed to send",
            "sandbox subdomains are for test purposes only",
            "free accounts are for test purposes only",
            "please activate your mailgun account"),

    /**
     * Resend. The words are those of its HTTP API (403 and 429: {@code validation_error}, {@code daily_quota_exceeded}, {@code
     * monthly_quota_exceeded}). That its SMTP server repeats them was not verified.
     */
    RESEND(
            "domain is not verified",
            "you can only send testing emails to your own email address",
            "you have reached your daily email",
            "you have reached your monthly email");

    private final List<String> accountRefusals;

    /** @param accountRefusals what a reply contains that refuses the account, in lower case */
    SmtpPreset(String... accountRefusals) {
        this.accountRefusals = List.of(accountRefusals);
    }

    /** The outcome of a reply, as {@link SmtpReplies#judge} and with the replies that this preset knows. */
    @Nullable Outcome judge(SmtpPhase phase, Reply reply) {
        return refusesAccount(reply)
                ? new Outcome.AccountRefused(phase.name(), reply)
                : SmtpReplies.judge(phase, reply);
    }

    private boolean refusesAccount(Reply reply) {
        if (accountRefusals.isEmpty() || reply.code() < 400 || reply.code() > 599) {
            return false;
        }
        String text = reply.text().toLowerCase(Locale.ROOT);
        return accountRefusals.stream().anyMatch(text::contains);
    }
}

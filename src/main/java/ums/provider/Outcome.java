package ums.provider;

import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;

/**
 * The outcome of one attempt for one recipient. The phase of the dialogue decides, never an exception's class; the
 * follow-up of each outcome is the table "What follows an attempt" of the contract.
 */
public sealed interface Outcome {

    /** The provider took responsibility. */
    record Sent(Reply reply) implements Outcome {}

    /** The provider said "not now" (4yz and its like). */
    record Deferred(String phase, Reply reply) implements Outcome {}

    /** The provider said "never" (5yz and its like). */
    record Rejected(String phase, Reply reply) implements Outcome {}

    /**
     * No connection, or it was lost or unreadable before the point of no return. {@code reply} is set where the provider
     * refused to talk or ended the connection.
     */
    record Disconnected(
            String phase, String detail, @Nullable Reply reply) implements Outcome {}

    /** No reply in time, before the point of no return. */
    record TimedOut(String phase, String detail) implements Outcome {}

    /**
     * The outcome is unknown: the connection was lost, unreadable or silent after the point of no return; or the process that sent the message died, and then there is no phase.
     */
    record Unknown(@Nullable String phase, String detail) implements Outcome {}

    /** Credentials refused, or TLS refused. */
    record AuthenticationRefused(
            String phase, String detail, @Nullable Reply reply) implements Outcome {}

    /**
     * The provider refused what the account may do: it is suspended or out of credit, or the sender is not registered there. A
     * readable reply that the account's preset knows; no attempt is counted for it.
     */
    record AccountRefused(String phase, Reply reply) implements Outcome {}

    /**
     * The message cannot be rendered, or needs what the provider lacks. {@code cause} is the bug in
     * UMS behind it, or null; it is logged and never shown.
     */
    record Invalid(String detail, @Nullable Exception cause) implements Outcome {

        /** An outcome caused by the message itself. */
        public Invalid(String detail) {
            this(detail, null);
        }
    }

    /**
     * The attempt was called off before the provider could take the message, as this process lost its claim. It does
     * not count as an attempt of the message.
     */
    record CalledOff(String detail) implements Outcome {}

    /** The error type of this outcome, null for {@link Sent}. */
    default @Nullable ErrorType errorType() {
        return switch (this) {
            case Sent _ -> null;
            case Deferred _ -> ErrorType.DEFERRED;
            case Rejected _ -> ErrorType.REJECTED;
            case Disconnected _ -> ErrorType.CONNECTION;
            case TimedOut _ -> ErrorType.TIMEOUT;
            case Unknown _ -> ErrorType.UNKNOWN_OUTCOME;
            case AuthenticationRefused _ -> ErrorType.AUTHENTICATION;
            case AccountRefused _ -> ErrorType.ACCOUNT;
            case Invalid _ -> ErrorType.INVALID;
            case CalledOff _ -> ErrorType.CONNECTION;
        };
    }

    /** The phase of the dialogue that decided it, null where there was no dialogue or it succeeded. */
    default @Nullable String at() {
        return switch (this) {
            case Sent _, Invalid _, CalledOff _ -> null;
            case Deferred it -> it.phase();
            case Rejected it -> it.phase();
            case Disconnected it -> it.phase();
            case TimedOut it -> it.phase();
            case Unknown it -> it.phase();
            case AuthenticationRefused it -> it.phase();
            case AccountRefused it -> it.phase();
        };
    }

    /** The provider's reply that decided it, or null. */
    default @Nullable Reply answer() {
        return switch (this) {
            case Sent it -> it.reply();
            case Deferred it -> it.reply();
            case Rejected it -> it.reply();
            case Disconnected it -> it.reply();
            case AuthenticationRefused it -> it.reply();
            case AccountRefused it -> it.reply();
            case TimedOut _, Unknown _, Invalid _, CalledOff _ -> null;
        };
    }

    /** A description for people: the reply where there was one, else the error. Holds no address and no content. */
    default String description() {
        return switch (this) {
            case Sent it -> it.reply().toString();
            case Deferred it -> it.reply().toString();
            case Rejected it -> it.reply().toString();
            case Disconnected it -> it.detail();
            case TimedOut it -> it.detail();
            case Unknown it -> it.detail();
            case AuthenticationRefused it -> it.detail();
            case AccountRefused it -> it.reply().toString();
            case Invalid it -> it.detail();
            case CalledOff it -> it.detail();
        };
    }
}

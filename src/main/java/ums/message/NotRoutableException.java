package ums.message;

import ums.channel.Violation;

/** No configured provider can send the message. Nothing was stored. */
public class NotRoutableException extends RuntimeException {

    private final String code;
    private final transient Violation violation;

    private NotRoutableException(String code, String pointer, String detail) {
        super(code);
        this.code = code;
        this.violation = new Violation(pointer, detail);
    }

    static NotRoutableException channel() {
        return new NotRoutableException(
                "CHANNEL_NOT_AVAILABLE", "/channel", "No provider of this channel is configured on this server.");
    }

    public static NotRoutableException provider() {
        return new NotRoutableException(
                "PROVIDER_NOT_ON_ROUTE", "/provider", "Is not a provider on the channel's route.");
    }

    static NotRoutableException sender() {
        return new NotRoutableException(
                "SENDER_NOT_AVAILABLE", "/from", "No provider of the channel may send as this sender.");
    }

    /** The stable code of the problem. */
    public String code() {
        return code;
    }

    /** What is wrong, with its JSON pointer. */
    public Violation violation() {
        return violation;
    }
}

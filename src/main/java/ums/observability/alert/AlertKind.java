package ums.observability.alert;

/** The kinds of trouble. The names are a contract with receivers that filter by them. */
public enum AlertKind {
    /** Messages went to FAILED or MANUAL_REVIEW. */
    MESSAGES_FAILED("Messages failed or are in review", "No message has failed since"),
    /** A provider fails, and its messages wait. */
    CIRCUIT_OPEN("The circuit of a provider is open", "The circuit is closed, messages go again"),
    /** A provider refuses the service's credentials, or TLS with it. */
    AUTHENTICATION_REFUSED("The provider refuses the service's credentials or TLS", "It has refused none since"),
    /** A provider refuses the account: its balance, its quota, or a sender that is not registered there. */
    ACCOUNT_REFUSED("The provider refuses the service's account or its sender", "It has refused neither since"),
    /** The oldest due message has waited longer than {@code ums.alerts.oldest-age}. */
    BACKLOG_OLD("The oldest due message has waited too long", "No due message waits too long any more"),
    /** Claims were rescued from a process that died or hangs. */
    CLAIMS_RECLAIMED("Claims were rescued from a process that died or hangs", "No claim had to be rescued since"),
    /** The database does not answer. */
    DATABASE("The database does not answer", "The database answers again"),
    /**
     * This process's clock and the database's differ, so it suspends work that depends on its clock and affects other
     * processes' messages.
     */
    CLOCK_SKEW(
            "The clocks of this process and of the database do not agree: expiry, scheduled messages, contact hours and retention wait",
            "The clocks of this process and of the database agree again"),
    /** The disk with {@code ums.home} is nearly full. */
    DISK("The disk is nearly full", "There is enough space on the disk again"),
    /** A transaction has held back the vacuum horizon for too long. */
    OLD_SNAPSHOT(
            "An old transaction keeps the database from being vacuumed", "No old transaction is in the way any more");

    private final String trouble;
    private final String allClear;

    AlertKind(String trouble, String allClear) {
        this.trouble = trouble;
        this.allClear = allClear;
    }

    String trouble() {
        return trouble;
    }

    String allClear() {
        return allClear;
    }
}

package ums.provider.smtp;

/** The phases of an SMTP dialogue (RFC 5321). {@link ums.provider.Outcome#at()} shows their names. */
enum SmtpPhase {
    /** Resolving the server's name and opening a TCP connection. */
    CONNECT,
    /** Waiting for the server's first reply. */
    GREETING,
    /** EHLO, or HELO where the server knows no EHLO. */
    EHLO,
    /** The command STARTTLS (RFC 3207) and every TLS handshake, also of implicit TLS. */
    STARTTLS,
    /** AUTH (RFC 4954). */
    AUTH,
    /** MAIL, and with PIPELINING the write of the whole group that MAIL begins. */
    MAIL,
    /** RCPT. */
    RCPT,
    /** DATA, until 354. */
    DATA,
    /** From 354 until the write that contains the final dot begins: the server cannot have taken the message yet. */
    BODY,
    /** From the beginning of that write on: without a readable reply the outcome is unknown. */
    FINAL_DOT
}

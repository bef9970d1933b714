package ums.channel.email;

/** Where in the dialogue of RFC 5321 a connection stands. The names are what {@link ums.channel.Outcome#at()} shows. */
enum SmtpPhase {
    /** Finding the server and opening a TCP connection. */
    CONNECT,
    /** Waiting for the server's first reply. */
    GREETING,
    /** EHLO, or HELO where the server knows no EHLO. */
    EHLO,
    /** The command STARTTLS (RFC 3207) and every TLS handshake, that of an implicit one too. */
    STARTTLS,
    /** AUTH (RFC 4954). */
    AUTH,
    /** MAIL, and with PIPELINING the write of the whole group that it opens. */
    MAIL,
    /** RCPT. */
    RCPT,
    /** DATA, until 354. */
    DATA,
    /** From 354 until the write that contains the final dot begins: the server cannot have taken the message yet. */
    BODY,
    /** From the beginning of that write on: without a readable reply nobody knows whether the server took it. */
    FINAL_DOT
}

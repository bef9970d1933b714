/** Accounts at SMTP servers: a client (RFC 5321) with kept connections, and a circuit breaker. */
@NamedInterface("smtp")
@NullMarked
package ums.provider.smtp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;

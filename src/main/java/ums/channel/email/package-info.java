/** The e-mail channel: addresses, rendering, and an SMTP client with a connection pool. */
@NamedInterface("email")
@NullMarked
package ums.channel.email;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;

/** The e-mail channel: addresses, rules for content and headers, and rendering. */
@NamedInterface("email")
@NullMarked
package ums.channel.email;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;

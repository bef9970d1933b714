/** E-mail over SMTP: addresses, rendering, connections kept open, and what each reply means. */
@NamedInterface("email")
@NullMarked
package ums.channel.email;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;

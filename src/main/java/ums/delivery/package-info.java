/** Moves claims to channels: the loop, one attempt, what follows it, and how that is written down. */
@NullMarked
package ums.delivery;

import org.jspecify.annotations.NullMarked;

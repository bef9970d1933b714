/** Moves claims to channels: the loop, one attempt, the decision that follows it, and its settlement. */
@NullMarked
package ums.delivery;

import org.jspecify.annotations.NullMarked;

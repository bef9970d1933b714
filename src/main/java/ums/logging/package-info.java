/** The wording of the log along a message's path, in one place. */
@NullMarked
package ums.logging;

import org.jspecify.annotations.NullMarked;

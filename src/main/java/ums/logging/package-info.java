/** All log lines about messages, in one place. */
@NullMarked
package ums.logging;

import org.jspecify.annotations.NullMarked;

/** Dead letters: failures, and the decisions of operators about them. */
@NullMarked
package ums.failure;

import org.jspecify.annotations.NullMarked;

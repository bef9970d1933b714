/** Counts long indexes without scanning all of them each time. */
@NullMarked
package ums.counting;

import org.jspecify.annotations.NullMarked;

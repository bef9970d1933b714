/** Counting what is long, without going through all of it each time. */
@NullMarked
package ums.counting;

import org.jspecify.annotations.NullMarked;

/** This machine's clocks, and whether they agree with the database's. */
@NullMarked
package ums.clock;

import org.jspecify.annotations.NullMarked;

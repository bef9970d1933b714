/** What time it is, by this machine and by the database, and whether the two agree. */
@NullMarked
package ums.clock;

import org.jspecify.annotations.NullMarked;

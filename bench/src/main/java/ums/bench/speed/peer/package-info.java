/** What somebody would take instead of UMS: libraries that do jobs out of a database table, each sending the same mails. */
@NullMarked
package ums.bench.speed.peer;

import org.jspecify.annotations.NullMarked;

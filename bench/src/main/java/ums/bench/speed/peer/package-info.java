/** Alternatives to UMS: libraries that execute jobs from a database table. Each sends the same mails. */
@NullMarked
package ums.bench.speed.peer;

import org.jspecify.annotations.NullMarked;

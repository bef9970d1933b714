/** Connections to the database, its check at the start, and migrations. */
@NullMarked
package ums.database;

import org.jspecify.annotations.NullMarked;

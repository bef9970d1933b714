/** How this process connects to its database, and what it asks of it before anything else happens. */
@NullMarked
package ums.database;

import org.jspecify.annotations.NullMarked;

/** How long finished things are kept. The owner of a table removes its rows. */
@NullMarked
package ums.retention;

import org.jspecify.annotations.NullMarked;

/** How much of the database those who look may take from those who send. */
@NullMarked
package ums.reading;

import org.jspecify.annotations.NullMarked;

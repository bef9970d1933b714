/** Bounds the share of the database that lists and searches may use. */
@NullMarked
package ums.reading;

import org.jspecify.annotations.NullMarked;

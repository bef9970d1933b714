/**
 * Programs that run UMS as its users do, as separate processes on a PostgreSQL of its own, disturb it or measure it, and
 * compare what it said with what happened. No class of UMS is used: only its jar, its API and its tables.
 */
@NullMarked
package ums.bench;

import org.jspecify.annotations.NullMarked;

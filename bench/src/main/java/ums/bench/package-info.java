/**
 * Programs that run UMS as separate processes on a PostgreSQL server, inject faults or measure, and compare its answers with
 * the results. They use no class of UMS, but only its jar, its API and its tables.
 */
@NullMarked
package ums.bench;

import org.jspecify.annotations.NullMarked;

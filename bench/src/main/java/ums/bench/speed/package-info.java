/**
 * Benchmarks of UMS, compared with the limits of the machine and with alternative tools. Each runs all of them alternately, on
 * one PostgreSQL server and against one SMTP sink, and prints medians, spread and ratios.
 */
@NullMarked
package ums.bench.speed;

import org.jspecify.annotations.NullMarked;

/**
 * How fast UMS is, beside the limits of the machine and the tools that somebody would take instead: each benchmark runs
 * them in turn in one run, on one PostgreSQL and against one SMTP sink, and prints medians, spread and ratios.
 */
@NullMarked
package ums.bench.speed;

import org.jspecify.annotations.NullMarked;

/** How many messages all processes accepted and sent over time, for the console's charts. */
@NullMarked
package ums.throughput;

import org.jspecify.annotations.NullMarked;

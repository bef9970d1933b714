/** How much was accepted and sent, when, over all processes. */
@NullMarked
package ums.throughput;

import org.jspecify.annotations.NullMarked;

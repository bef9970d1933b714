/** A Java agent that gives a UMS process clocks of its own, so that they can be set wrong or made to stand still. */
@NullMarked
package ums.bench.agent;

import org.jspecify.annotations.NullMarked;

/** Continues the caller's trace from the request to the provider's response; only if traces are exported. */
@NullMarked
package ums.observability.tracing;

import org.jspecify.annotations.NullMarked;

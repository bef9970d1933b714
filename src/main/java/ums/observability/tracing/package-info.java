/** The caller's trace, from the request to the provider's answer; only where traces are exported. */
@NullMarked
package ums.observability.tracing;

import org.jspecify.annotations.NullMarked;

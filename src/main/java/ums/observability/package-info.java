/** What operators see: meters, as listeners, so that the path of a message stays clean. */
@NullMarked
package ums.observability;

import org.jspecify.annotations.NullMarked;

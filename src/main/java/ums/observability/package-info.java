/**
 * Meters, health, message log and traces. They are listeners, so that the code that sends messages does not depend on
 * them.
 */
@NullMarked
package ums.observability;

import org.jspecify.annotations.NullMarked;

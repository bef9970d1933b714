/** The embedded default: a real PostgreSQL and a real SMTP inbox in the process, so that nothing needs installing. */
@NullMarked
package ums.sandbox;

import org.jspecify.annotations.NullMarked;

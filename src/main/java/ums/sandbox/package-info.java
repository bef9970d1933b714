/** The embedded defaults: a real PostgreSQL and a real SMTP inbox, so that nothing else needs to be installed. */
@NullMarked
package ums.sandbox;

import org.jspecify.annotations.NullMarked;

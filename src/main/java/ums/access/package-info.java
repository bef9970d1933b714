/** API keys for callers, and accounts for admins. */
@NullMarked
package ums.access;

import org.jspecify.annotations.NullMarked;

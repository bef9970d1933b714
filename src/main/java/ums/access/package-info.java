/** Who may come in: API keys for callers, the admin for operators. */
@NullMarked
package ums.access;

import org.jspecify.annotations.NullMarked;

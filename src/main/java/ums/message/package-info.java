/** The ledger: what was asked for and what became of it. */
@NullMarked
package ums.message;

import org.jspecify.annotations.NullMarked;

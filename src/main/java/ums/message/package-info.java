/** The ledger: messages as requested, their status, recipients and timeline. */
@NullMarked
package ums.message;

import org.jspecify.annotations.NullMarked;

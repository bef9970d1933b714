/** Loans: the customer gets one message about each change of state. */
@NullMarked
package ums.loan;

import org.jspecify.annotations.NullMarked;

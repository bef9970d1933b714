/** Loans: a business whose every change of state is told to the customer, once. */
@NullMarked
package ums.loan;

import org.jspecify.annotations.NullMarked;

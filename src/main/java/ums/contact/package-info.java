/** When a lender may contact a debtor, and how often: the rules for messages of purpose COLLECTION. */
@NullMarked
package ums.contact;

import org.jspecify.annotations.NullMarked;

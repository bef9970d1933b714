/** When and how often a lender may contact a debtor: the rules for messages of purpose COLLECTION. */
@NullMarked
package ums.contact;

import org.jspecify.annotations.NullMarked;

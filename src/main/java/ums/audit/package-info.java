/** The audit log: the actions of admins and of UMS itself. */
@NullMarked
package ums.audit;

import org.jspecify.annotations.NullMarked;

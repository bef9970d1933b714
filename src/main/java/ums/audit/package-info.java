/** Who did what, when and why. */
@NullMarked
package ums.audit;

import org.jspecify.annotations.NullMarked;

/** How long what is done is kept: who removes what is a matter of its owner. */
@NullMarked
package ums.retention;

import org.jspecify.annotations.NullMarked;

/** Dead letters: what is left for a person, and what he decides. */
@NullMarked
package ums.failure;

import org.jspecify.annotations.NullMarked;

/** The threads that a process cannot work without. */
@NullMarked
package ums.lifecycle;

import org.jspecify.annotations.NullMarked;

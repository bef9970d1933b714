/** What a process needs to go on at all. */
@NullMarked
package ums.lifecycle;

import org.jspecify.annotations.NullMarked;

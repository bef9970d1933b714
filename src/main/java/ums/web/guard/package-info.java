/** The door: who may come in, to which rooms, how much each may ask for, and how long he may take to say it. */
@NullMarked
package ums.web.guard;

import org.jspecify.annotations.NullMarked;

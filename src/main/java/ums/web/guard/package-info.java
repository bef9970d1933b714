/** Authentication, authorization, rate limits and bounds of requests. */
@NullMarked
package ums.web.guard;

import org.jspecify.annotations.NullMarked;

/** The API that senders call. */
@NullMarked
package ums.web.api;

import org.jspecify.annotations.NullMarked;

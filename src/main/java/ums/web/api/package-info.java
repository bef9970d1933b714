/** The API for clients that send messages. */
@NullMarked
package ums.web.api;

import org.jspecify.annotations.NullMarked;

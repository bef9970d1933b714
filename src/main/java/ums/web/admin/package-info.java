/** The API that operators call. */
@NullMarked
package ums.web.admin;

import org.jspecify.annotations.NullMarked;

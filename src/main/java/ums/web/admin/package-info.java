/** The admin API, for operators. */
@NullMarked
package ums.web.admin;

import org.jspecify.annotations.NullMarked;

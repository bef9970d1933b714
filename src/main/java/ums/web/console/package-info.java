/** The pages that operators look at: the same services as the API's, shown to people. */
@NullMarked
package ums.web.console;

import org.jspecify.annotations.NullMarked;

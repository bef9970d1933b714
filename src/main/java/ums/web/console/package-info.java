/** The console: pages for operators, on the same services as the APIs. */
@NullMarked
package ums.web.console;

import org.jspecify.annotations.NullMarked;

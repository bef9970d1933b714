/** HTTP: the API, the admin API, the console and their shared error handling. No other package depends on it. */
@NullMarked
package ums.web;

import org.jspecify.annotations.NullMarked;

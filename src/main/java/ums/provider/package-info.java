/**
 * How messages leave: accounts at those who deliver them, the routes that channels take over them, and the outcomes of
 * attempts. Each vendor is a package of its own.
 */
@NullMarked
package ums.provider;

import org.jspecify.annotations.NullMarked;

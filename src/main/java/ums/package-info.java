/** UMS: accepts messages over HTTP, keeps them in a ledger and sends them from a queue in the same database. */
@NullMarked
package ums;

import org.jspecify.annotations.NullMarked;

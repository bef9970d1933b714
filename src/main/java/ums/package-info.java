/** UMS: accepts messages over HTTP, keeps them in a ledger and sends them from an outbox. */
@NullMarked
package ums;

import org.jspecify.annotations.NullMarked;

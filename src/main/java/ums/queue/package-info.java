/** The queue inside the database: orders to send, claimed with a token and a lease, settled under that token. */
@NullMarked
package ums.queue;

import org.jspecify.annotations.NullMarked;

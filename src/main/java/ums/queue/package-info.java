/**
 * The queue in the database: entries are claimed under a token and settled under that token. {@link ums.queue.Queue} is its
 * API.
 */
@NullMarked
package ums.queue;

import org.jspecify.annotations.NullMarked;

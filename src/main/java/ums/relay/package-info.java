/** The outbox on Kafka: entries to workers, which claim them in the database, and events to subscribers. */
@NullMarked
package ums.relay;

import org.jspecify.annotations.NullMarked;

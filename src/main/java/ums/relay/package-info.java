/** The outbox on Kafka: orders to workers and back to the database's claims, and events to whoever wants to know. */
@NullMarked
package ums.relay;

import org.jspecify.annotations.NullMarked;

package ums.observability;

import java.time.Duration;
import java.util.Map;
import ums.channel.ErrorType;

/**
 * A sample of the queue of all processes. Counts are exact up to 10,000 and within a tenth above.
 *
 * @param ready entries that may be claimed
 * @param delayed entries that wait for their scheduled time or their next attempt
 * @param processing claimed entries
 * @param oldestAge how long the oldest due entry has waited unclaimed; zero if none is due
 * @param openFailures failures that need an operator's decision, with an entry for every type
 */
public record QueueSample(
        long ready, long delayed, long processing, Duration oldestAge, Map<ErrorType, Long> openFailures) {}

package ums.observability;

import java.time.Duration;
import java.util.Map;
import ums.channel.ErrorType;

/**
 * What the whole queue looked like at a moment, over all processes. The figures are exact up to 10,000 and within a tenth
 * above.
 *
 * @param ready orders that may be claimed
 * @param delayed orders that wait for their time, or for their next attempt
 * @param processing orders that are claimed
 * @param oldestAge how long the longest due order has waited unclaimed; zero where none is due
 * @param openFailures failures that wait for a person; every type is there
 */
public record QueueSample(
        long ready, long delayed, long processing, Duration oldestAge, Map<ErrorType, Long> openFailures) {}

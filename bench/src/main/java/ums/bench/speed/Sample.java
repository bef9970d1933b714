package ums.bench.speed;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a line in a round.
 *
 * @param rate messages per second
 * @param cost the cost
 * @param others further figures by name
 */
record Sample(double rate, Cost cost, Map<String, Double> others) {

    static Sample of(double rate, Cost cost) {
        return new Sample(rate, cost, Map.of());
    }

    /** The sample with another figure. */
    Sample with(String name, double value) {
        Map<String, Double> more = new LinkedHashMap<>(others);
        more.put(name, value);
        return new Sample(rate, cost, more);
    }

    /**
     * The cost; NaN if unknown.
     *
     * @param program the program's CPU seconds for 10,000 messages
     * @param postgres PostgreSQL's CPU seconds for 10,000 messages, all its processes together
     * @param wal bytes of write-ahead log per message
     * @param resident the program's peak memory in MB
     */
    record Cost(double program, double postgres, double wal, double resident) {

        static final Cost UNKNOWN = new Cost(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
}

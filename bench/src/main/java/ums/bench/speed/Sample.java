package ums.bench.speed;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one line did in one round.
 *
 * @param rate a second
 * @param cost what it took
 * @param others further figures by their names
 */
record Sample(double rate, Cost cost, Map<String, Double> others) {

    static Sample of(double rate, Cost cost) {
        return new Sample(rate, cost, Map.of());
    }

    /** The same and one figure more. */
    Sample with(String name, double value) {
        Map<String, Double> more = new LinkedHashMap<>(others);
        more.put(name, value);
        return new Sample(rate, cost, more);
    }

    /**
     * What it took; NaN where that is unknown.
     *
     * @param program CPU seconds of the program for 10,000 messages
     * @param postgres CPU seconds of all of PostgreSQL for 10,000 messages
     * @param wal bytes of write-ahead log for a message
     * @param resident MB of memory that the program held at most
     */
    record Cost(double program, double postgres, double wal, double resident) {

        static final Cost UNKNOWN = new Cost(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
}

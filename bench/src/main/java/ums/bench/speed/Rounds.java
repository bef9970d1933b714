package ums.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs lines alternately, A B C C B A A B …, so that other load on the machine, and after-effects of a line, affect all of
 * them.
 */
final class Rounds {

    private final int rounds;
    private final String only;
    private final Map<String, Trial> lines = new LinkedHashMap<>();
    private final List<String> subjects = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();

    Rounds(Setup setup) {
        this.rounds = setup.rounds();
        this.only = setup.only();
    }

    /** A measurement. */
    interface Trial {
        Sample run() throws IOException, InterruptedException;
    }

    /** Adds a line that the subjects are compared with. */
    Rounds limit(String name, Trial trial) {
        if (name.contains(only)) {
            limits.add(name);
        }
        return line(name, trial);
    }

    /** Adds a line that is only reported. */
    Rounds line(String name, Trial trial) {
        if (name.contains(only)) {
            lines.put(name, trial);
        }
        return this;
    }

    /** Adds a line that is compared with the limits. */
    Rounds subject(String name, Trial trial) {
        if (name.contains(only)) {
            subjects.add(name);
        }
        return line(name, trial);
    }

    /** Runs all rounds and prints each figure as soon as it is known. */
    Table run() throws IOException, InterruptedException {
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            List<Map.Entry<String, Trial>> inTurn = new ArrayList<>(lines.entrySet());
            for (Map.Entry<String, Trial> line : round % 2 == 1 ? inTurn : inTurn.reversed()) {
                Sample sample = line.getValue().run();
                samples.computeIfAbsent(line.getKey(), _ -> new ArrayList<>()).add(sample);
                System.err.printf(
                        "round %d of %d  %-44s %s/s  %s%n",
                        round, rounds, line.getKey(), Figures.number(sample.rate()), Figures.text(sample.others()));
            }
        }
        return new Table(samples, subjects, limits);
    }
}

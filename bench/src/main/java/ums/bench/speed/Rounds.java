package ums.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs lines in turn, A B C C B A A B …, so that whatever the machine does meanwhile, or one line leaves behind, hits them all. */
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

    /** One measurement. */
    interface Trial {
        Sample run() throws IOException, InterruptedException;
    }

    /** Adds something that the subjects are compared with. */
    Rounds limit(String name, Trial trial) {
        if (name.contains(only)) {
            limits.add(name);
        }
        return line(name, trial);
    }

    /** Adds something that is only told. */
    Rounds line(String name, Trial trial) {
        if (name.contains(only)) {
            lines.put(name, trial);
        }
        return this;
    }

    /** Adds something that is compared with the limits. */
    Rounds subject(String name, Trial trial) {
        if (name.contains(only)) {
            subjects.add(name);
        }
        return line(name, trial);
    }

    /** Runs all and tells each figure when it is known. */
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

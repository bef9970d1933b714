package ums.bench.speed;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The results of all rounds, as Markdown.
 *
 * @param samples the samples of each line, one a round
 * @param subjects the lines that are compared
 * @param limits the lines that they are compared with
 */
record Table(Map<String, List<Sample>> samples, List<String> subjects, List<String> limits) {

    void print(PrintStream out) {
        List<String> head = new ArrayList<>(List.of("line", "a second"));
        subjects.forEach(subject -> head.add(subject + " ÷ it"));
        head.addAll(List.of(
                "CPU s per 10,000: program", "PostgreSQL", "WAL bytes a message", "resident at most, MB", "besides"));
        row(out, head);
        row(out, head.stream().map(_ -> "---").toList());
        samples.forEach((line, rounds) -> {
            List<String> cells = new ArrayList<>(List.of(line, figures(rounds, Sample::rate)));
            for (String subject : subjects) {
                cells.add(limits.contains(line) ? ratio(samples.get(subject), rounds) : "");
            }
            cells.add(median(rounds, sample -> sample.cost().program()));
            cells.add(median(rounds, sample -> sample.cost().postgres()));
            cells.add(median(rounds, sample -> sample.cost().wal()));
            cells.add(median(rounds, sample -> sample.cost().resident()));
            cells.add(others(rounds));
            row(out, cells);
        });
    }

    /** The ratio within each round, as the machine's speed changes over time. */
    private static String ratio(List<Sample> subject, List<Sample> other) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < other.size(); round++) {
            ratios.add(subject.get(round).rate() / other.get(round).rate());
        }
        return Figures.of(ratios).toString();
    }

    private static String others(List<Sample> rounds) {
        List<String> cells = new ArrayList<>();
        for (String name : rounds.getFirst().others().keySet()) {
            cells.add(name + " " + figures(rounds, sample -> sample.others().get(name)));
        }
        return String.join("; ", cells);
    }

    private static String figures(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
        return of(rounds, figure).toString();
    }

    private static String median(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
        return Figures.number(of(rounds, figure).median());
    }

    private static Figures of(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
        return Figures.of(rounds.stream().map(figure::applyAsDouble).toList());
    }

    private static void row(PrintStream out, List<String> cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }
}

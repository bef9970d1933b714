package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads CPU, write-ahead log and memory from one moment to another, from Linux's {@code /proc}. */
final class Meter {

    private static final double TICKS_A_SECOND = 100;
    /** Where the times stand in {@code /proc/<pid>/stat} after the program's name: own, then those of ended children. */
    private static final int OWN = 11;

    private static final int ENDED_CHILDREN = 13;
    private static final double TEN_THOUSAND = 10_000;

    private final Stand stand;
    private final List<ProcessHandle> programs;
    private final long start = System.nanoTime();
    private final double program;
    private final double postgres;
    private final long wal;

    private Meter(Stand stand, List<ProcessHandle> programs) throws IOException {
        this.stand = stand;
        this.programs = programs;
        this.program = program();
        this.postgres = postgres();
        this.wal = wal();
    }

    /** Starts now, for programs that are running; for none: for those that begin and end meanwhile. */
    static Meter start(Stand stand, ProcessHandle... programs) throws IOException {
        return new Meter(stand, List.of(programs));
    }

    /** Since the start. */
    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** What so many messages took since the start. */
    Sample.Cost cost(double messages) throws IOException {
        double resident = 0;
        for (ProcessHandle each : programs) {
            resident += peak(each);
        }
        return new Sample.Cost(
                (program() - program) * TEN_THOUSAND / messages,
                (postgres() - postgres) * TEN_THOUSAND / messages,
                (wal() - wal) / messages,
                programs.isEmpty() ? Double.NaN : resident);
    }

    private double program() throws IOException {
        if (programs.isEmpty()) {
            return seconds(ProcessHandle.current(), ENDED_CHILDREN);
        }
        double sum = 0;
        for (ProcessHandle each : programs) {
            sum += seconds(each, OWN) + seconds(each, ENDED_CHILDREN);
        }
        return sum;
    }

    /** Its ended children are the first process's, so nothing is lost when a connection closes. */
    private double postgres() throws IOException {
        ProcessHandle first = stand.postgres().process();
        double sum = 0;
        for (ProcessHandle each :
                Stream.concat(Stream.of(first), first.descendants()).toList()) {
            sum += seconds(each, OWN) + seconds(each, ENDED_CHILDREN);
        }
        return sum;
    }

    private long wal() throws IOException {
        return stand.number("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    private static double seconds(ProcessHandle process, int from) throws IOException {
        Path file = Path.of("/proc/" + process.pid() + "/stat");
        if (!Files.exists(file)) {
            return 0;
        }
        String line = Files.readString(file);
        // The name, in brackets, may hold anything.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[from]) + Long.parseLong(fields[from + 1])) / TICKS_A_SECOND;
    }

    private static double peak(ProcessHandle process) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .sum();
        }
    }
}

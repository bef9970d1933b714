package ums.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Measures CPU, write-ahead log and memory from its start on, by Linux's {@code /proc}. */
final class Meter {

    private static final double TICKS_A_SECOND = 100;
    /** Positions in {@code /proc/<pid>/stat} after the program's name. */
    private static final int PARENT = 1;

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

    /** Starts measuring running programs; without any, those that begin and end meanwhile. */
    static Meter start(Stand stand, ProcessHandle... programs) throws IOException {
        return new Meter(stand, List.of(programs));
    }

    /** The seconds since the start. */
    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The cost of this many messages since the start. */
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

    private double program() {
        if (programs.isEmpty()) {
            return seconds(fields(ProcessHandle.current().pid()), ENDED_CHILDREN);
        }
        double sum = 0;
        for (ProcessHandle each : programs) {
            String[] fields = fields(each.pid());
            sum += seconds(fields, OWN) + seconds(fields, ENDED_CHILDREN);
        }
        return sum;
    }

    /** The CPU time of the postmaster and its children, those that have ended included. */
    private double postgres() throws IOException {
        long first = stand.postgres().process().pid();
        double sum = seconds(fields(first), OWN) + seconds(fields(first), ENDED_CHILDREN);
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path each : (Iterable<Path>) all::iterator) {
                String name = each.getFileName().toString();
                if (Character.isDigit(name.charAt(0))) {
                    String[] fields = fields(Long.parseLong(name));
                    sum += fields[PARENT].equals(String.valueOf(first)) ? seconds(fields, OWN) : 0;
                }
            }
        }
        return sum;
    }

    private long wal() throws IOException {
        return stand.number("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    /** The fields after the program's name, which is in parentheses and may contain any character; zeros if it has ended. */
    private static String[] fields(long process) {
        String line;
        try {
            line = Files.readString(Path.of("/proc/" + process + "/stat"));
        } catch (IOException e) {
            line = "gone)" + " 0".repeat(20);
        }
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    private static double seconds(String[] fields, int from) {
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

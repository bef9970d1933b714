package ums.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The SMTP servers of a run in the order of UMS's route, and what all of them took. */
final class SmtpServers implements AutoCloseable {

    /** The id that UMS gives to the account of its short form. */
    private static final String ONLY = "smtp";

    private final List<SmtpServer> servers = new ArrayList<>();
    private final Map<UUID, ConcurrentLinkedQueue<Take>> takes = new ConcurrentHashMap<>();
    private final LongAdder taken = new LongAdder();

    /**
     * @param count how many servers
     * @param processes how many UMS processes send to each
     */
    SmtpServers(int count, int processes, long seed) throws IOException {
        for (int i = 0; i < count; i++) {
            String name = count == 1 ? ONLY : String.valueOf((char) ('a' + i));
            servers.add(new SmtpServer(name, processes, seed + i, this::remember));
        }
    }

    /** The servers, the first of the route first. */
    List<SmtpServer> all() {
        return servers;
    }

    /** UMS's settings for a process. */
    List<String> settings(int process) {
        List<String> settings = new ArrayList<>();
        for (SmtpServer server : servers) {
            String prefix = servers.size() == 1 ? "--ums.email.smtp." : "--ums.providers." + server.name() + ".";
            settings.addAll(List.of(
                    prefix + "host=127.0.0.1",
                    prefix + "port=" + server.port(process),
                    prefix + "tls=off",
                    prefix + "timeout=5s"));
            if (servers.size() > 1) {
                settings.add(prefix + "type=smtp");
            }
        }
        if (servers.size() > 1) {
            settings.add("--ums.routes.email="
                    + String.join(",", servers.stream().map(SmtpServer::name).toList()));
        }
        return settings;
    }

    /** All listen, or listen again after {@link #down}. */
    void open() throws IOException {
        for (SmtpServer server : servers) {
            server.open();
        }
    }

    /** All go down: they close their connections and refuse new ones. */
    void down() throws IOException {
        for (SmtpServer server : servers) {
            server.down();
        }
    }

    /**
     * From now on, replies to DATA and to the final dot each take this long at every server.
     *
     * @param process the process whose mails are delayed, or {@link Fault#ALL_PROCESSES}
     */
    void slow(int process, Duration duration) {
        servers.forEach(it -> it.slow(process, duration));
    }

    /** Mails to this domain get no reply to their final dot at any server, and are not taken. */
    void hangFor(@Nullable String domain) {
        servers.forEach(it -> it.hangFor(domain));
    }

    /** How many mails were taken, duplicates included. */
    long taken() {
        return taken.sum();
    }

    /** The takes of every message that was read up to its final dot. */
    Map<UUID, ? extends Iterable<Take>> takes() {
        return takes;
    }

    /** The takes of a message, in order, by whichever server. */
    List<Take> takes(UUID message) {
        ConcurrentLinkedQueue<Take> all = takes.get(message);
        return all == null ? List.of() : List.copyOf(all);
    }

    private void remember(Take take) {
        takes.computeIfAbsent(take.message(), _ -> new ConcurrentLinkedQueue<>())
                .add(take);
        if (take.taken()) {
            taken.increment();
        }
    }

    @Override
    public void close() throws IOException {
        down();
    }
}

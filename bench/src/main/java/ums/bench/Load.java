package ums.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** Posts messages at a steady rate, each again until it is answered, and records the answers. */
final class Load {

    /** A bound, as more would test the server's heap. */
    private static final int CALLS_AT_ONCE = 200;

    /** A bound, as more would measure how fast large messages are accepted. */
    private static final int LARGE_AT_ONCE = 4;

    private final Client client;
    private final Semaphore smallCalls = new Semaphore(CALLS_AT_ONCE);
    private final Semaphore largeCalls = new Semaphore(LARGE_AT_ONCE);
    private final List<UmsProcess> processes;
    private final LongFunction<Mail> mails;
    private final Map<UUID, Instant> accepted = new ConcurrentHashMap<>();
    private final Map<UUID, Mail> large = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private final AtomicLong posted = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final String name = UUID.randomUUID() + "-";
    private volatile boolean givenUp;

    /** @param mails returns the n-th message */
    Load(Client client, List<UmsProcess> processes, LongFunction<Mail> mails) {
        this.client = client;
        this.processes = processes;
        this.mails = mails;
    }

    /** Posts for a time or until interrupted. Unanswered messages are posted again until {@link #awaitAnswers}. */
    void run(double rate, Duration duration) {
        long start = System.nanoTime();
        long total = (long) (rate * duration.toNanos() / 1e9);
        for (long n = 0; n < total; n++) {
            long due = start + (long) (n * 1e9 / rate);
            LockSupport.parkNanos(due - System.nanoTime());
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            send("NORMAL");
        }
    }

    /** Posts a number of messages as fast as they are answered, {@code width} at a time. */
    void all(int count, int width) throws InterruptedException {
        for (int n = 0; n < count; n++) {
            while (posted.get() - answered.get() >= width) {
                Thread.sleep(1);
            }
            send("NORMAL");
        }
        awaitAnswers(Duration.ofMinutes(5));
    }

    /** Posts a message without waiting. */
    void send(String priority) {
        long n = posted.getAndIncrement();
        Thread.startVirtualThread(() -> pursue(n, priority));
    }

    /** Waits for the missing answers, for a limited time. */
    void awaitAnswers(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (answered.get() < posted.get() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        givenUp = true;
    }

    private void pursue(long n, String priority) {
        Mail mail = mails.apply(n);
        try {
            while (!givenUp) {
                Optional<UUID> id = post(n, mail, priority);
                if (id.isPresent()) {
                    accepted.put(id.get(), Instant.now());
                    if (mail.isLarge()) {
                        large.put(id.get(), mail);
                    }
                    return;
                }
                Thread.sleep(ThreadLocalRandom.current().nextInt(200, 1000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            refused.add(String.valueOf(e.getMessage()));
        } finally {
            answered.incrementAndGet();
        }
    }

    private Optional<UUID> post(long n, Mail mail, String priority) throws InterruptedException {
        Semaphore calls = mail.isLarge() ? largeCalls : smallCalls;
        calls.acquire();
        try {
            Optional<UmsProcess> process = any();
            return process.isEmpty() ? Optional.empty() : client.post(process.get(), name + n, mail, priority);
        } finally {
            calls.release();
        }
    }

    private Optional<UmsProcess> any() {
        List<UmsProcess> up = processes.stream().filter(UmsProcess::isUp).toList();
        return up.isEmpty()
                ? Optional.empty()
                : Optional.of(up.get(ThreadLocalRandom.current().nextInt(up.size())));
    }

    long posted() {
        return posted.get();
    }

    /** The messages that were answered 202 or 200, and the times of the answers. */
    Map<UUID, Instant> accepted() {
        return accepted;
    }

    /** The accepted messages that are large. */
    Map<UUID, Mail> large() {
        return large;
    }

    /** The answers that are neither success nor temporary. */
    List<String> refused() {
        return List.copyOf(refused);
    }
}

package ums.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** The mails of a load: small ones, and a share of large ones, half of which become due together. */
final class Mails {

    private static final int LEAST = 1_000_000;
    private static final int GREATEST = 9_800_000;
    private static final Duration TOGETHER = Duration.ofSeconds(30);

    private final double large;
    private final long seed;

    /** @param large the share of large mails */
    Mails(double large, long seed) {
        this.large = large;
        this.seed = seed;
    }

    /** The n-th mail. Its size depends on the seed only; most large ones are closer to one megabyte than to ten. */
    Mail get(long n) {
        String to = "customer-" + n + "@shop.example";
        // The first numbers of neighbouring seeds are similar.
        Random random = new Random(new Random(seed ^ n * 0x9E3779B97F4A7C15L).nextLong());
        if (random.nextDouble() >= large) {
            return Mail.small(to);
        }
        double least = Math.log(LEAST);
        int size = (int) Math.exp(least + random.nextDouble() * (Math.log(GREATEST) - least));
        if (random.nextBoolean()) {
            return new Mail(to, size, null);
        }
        long step = TOGETHER.toMillis();
        return new Mail(to, size, Instant.ofEpochMilli((System.currentTimeMillis() / step + 1) * step));
    }
}

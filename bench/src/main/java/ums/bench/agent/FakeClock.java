package ums.bench.agent;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The two clocks of a process, each with an offset that is read from a mapped file at every call. Its methods have the names
 * and types of those that they replace.
 */
public final class FakeClock {

    /** The size of the file: how many nanoseconds the monotonic clock stood still, and how many the wall clock is ahead. */
    public static final int SIZE = 16;

    /** The monotonic clock's offset is at this position in the file. */
    public static final int MONOTONIC = 0;

    /** The wall clock's offset is at this position in the file. */
    public static final int WALL = 8;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final long NANOS_A_MILLI = 1_000_000;

    private static volatile ByteBuffer offsets = ByteBuffer.allocateDirect(SIZE);

    private FakeClock() {}

    /** Sets the file from which the offsets are read. */
    static void use(Path file) throws IOException {
        offsets = map(file);
    }

    /** The file's content, shared with every process that maps it. */
    public static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        }
    }

    /** Reads one of the two offsets. */
    public static long get(ByteBuffer offsets, int which) {
        return (long) LONG.getVolatile(offsets, which);
    }

    /** Sets one of the two offsets, for every process that maps the file, at once. */
    public static void set(ByteBuffer offsets, int which, long nanos) {
        LONG.setVolatile(offsets, which, nanos);
    }

    /** For {@link System#nanoTime}. */
    public static long nanoTime() {
        return System.nanoTime() - get(offsets, MONOTONIC);
    }

    /** For {@link System#currentTimeMillis}. */
    public static long currentTimeMillis() {
        return System.currentTimeMillis() + get(offsets, WALL) / NANOS_A_MILLI;
    }

    /** For {@link Instant#now}. */
    public static Instant now() {
        return Instant.now().plusNanos(get(offsets, WALL));
    }

    /** For {@link Clock#systemUTC}. */
    public static Clock systemUTC() {
        return new Wall(ZoneOffset.UTC);
    }

    private static final class Wall extends Clock {

        private final ZoneId zone;

        Wall(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new Wall(other);
        }

        @Override
        public Instant instant() {
            return now();
        }
    }
}

package ums.sandbox;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The store of the mails that never leave the machine: the last thousand, one file each, so that they survive any end
 * of the process.
 *
 * <p>A file is a line of JSON, the {@link Envelope}, and then the mail as it was received. It is written under a
 * temporary name and renamed to its number when it is complete. The number is assigned at the renaming: a reader that
 * sees a number sees all lower ones too, and a failed write leaves no gap. Only the renaming is under a lock.
 */
public final class Inbox {

    /** How many mails the built-in inbox keeps. */
    public static final int CAPACITY = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Inbox.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern MAIL = Pattern.compile("(\\d{1,18})\\.mail");
    private static final String DRAFT = ".draft";

    private final Path folder;
    private final int capacity;
    private final Clock clock;
    private final AtomicLong drafts = new AtomicLong();
    private final ReentrantLock numbering = new ReentrantLock();
    private volatile long last;

    /**
     * The envelope of a mail (RFC 5321 section 2.3.1), which may differ from its header.
     *
     * @param from the sender, empty for the null reverse-path
     * @param to every accepted recipient
     * @param at when it was received
     * @param size the octets that follow in the file, by which a truncated file is recognized
     */
    record Envelope(String from, List<String> to, Instant at, int size) {}

    private record Kept(Envelope envelope, byte[] raw) {}

    /**
     * Opens the inbox of a folder, which is created where it is missing, and deletes the temporary files of a process
     * that died. Only one process may have a folder open.
     *
     * @param capacity how many mails are kept
     */
    public Inbox(Path folder, int capacity, Clock clock) {
        this.folder = folder;
        this.capacity = capacity;
        this.clock = clock;
        try {
            OwnerOnly.folder(folder);
            last = highestNumber();
            clear();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the inbox's folder " + folder, e);
        }
    }

    /**
     * Stores a mail. When this returns, the mail survives a kill of the process.
     *
     * @param sender the envelope's sender, empty for the null reverse-path
     * @param recipients the envelope's recipients
     * @param raw header and body exactly as received, without dot-stuffing
     * @return its number, one higher than that of the mail before
     * @throws IOException where it cannot be written, for instance on a full disk; nothing is stored then
     */
    public long store(String sender, List<String> recipients, byte[] raw) throws IOException {
        Path draft = folder.resolve(drafts.incrementAndGet() + DRAFT);
        long n;
        try {
            write(
                    draft,
                    new Envelope(sender, recipients, clock.instant().truncatedTo(ChronoUnit.MILLIS), raw.length),
                    raw);
            n = publish(draft);
        } catch (IOException e) {
            discard(draft);
            throw e;
        }
        discard(file(n - capacity));
        return n;
    }

    /**
     * The stored mails, newest first.
     *
     * @param limit how many at most
     * @param before only those with a lower number than this, or null for all
     */
    public List<InboxMail> list(int limit, @Nullable Long before) {
        long newest = before == null ? last : Math.min(last, Math.max(before, 1) - 1);
        long oldest = oldest();
        return LongStream.iterate(newest, n -> n >= oldest, n -> n - 1)
                .mapToObj(this::get)
                .flatMap(Optional::stream)
                .limit(limit)
                .toList();
    }

    /** The mail with a number, empty where it was removed or never existed. */
    public Optional<InboxMail> get(long n) {
        return read(n).map(kept -> MailParser.parse(n, kept.envelope(), kept.raw()));
    }

    /** The mail with a number, exactly as it was received. */
    public Optional<byte[]> raw(long n) {
        return read(n).map(Kept::raw);
    }

    /** A stream is used and not a channel, as an interrupt of the writing thread would close a channel for good. */
    private static void write(Path draft, Envelope envelope, byte[] raw) throws IOException {
        try (FileOutputStream out = new FileOutputStream(OwnerOnly.file(draft).toFile())) {
            out.write(JSON.writeValueAsString(envelope).concat("\n").getBytes(StandardCharsets.UTF_8));
            out.write(raw);
        }
    }

    private long publish(Path draft) throws IOException {
        numbering.lock();
        try {
            long n = last + 1;
            Files.move(draft, file(n), StandardCopyOption.ATOMIC_MOVE);
            last = n;
            return n;
        } finally {
            numbering.unlock();
        }
    }

    private Optional<Kept> read(long n) {
        if (n < oldest() || n > last) {
            return Optional.empty();
        }
        try {
            byte[] file = Files.readAllBytes(file(n));
            int end = 0;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            Envelope envelope = JSON.readValue(file, 0, end, Envelope.class);
            if (file.length - end - 1 != envelope.size()) {
                return Optional.empty();
            }
            return Optional.of(new Kept(envelope, Arrays.copyOfRange(file, end + 1, file.length)));
        } catch (NoSuchFileException | JacksonException e) {
            // The file was removed meanwhile, or a power failure truncated it.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read mail " + n + " of the inbox", e);
        }
    }

    private long oldest() {
        return Math.max(1, last - capacity + 1);
    }

    private Path file(long n) {
        return folder.resolve(n + ".mail");
    }

    private long highestNumber() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(Inbox::numberOf).max().orElse(0);
        }
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(it -> it.toString().endsWith(DRAFT) || (numberOf(it) > 0 && numberOf(it) < oldest()))
                    .forEach(Inbox::discard);
        }
    }

    /** The number of a mail's file; 0 for another file, which is left alone. */
    private static long numberOf(Path file) {
        Matcher name = MAIL.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }

    /** A file that cannot be deleted is no longer listed, and the next start tries again. */
    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("The inbox cannot remove {}: {}", file, e.toString());
        }
    }
}

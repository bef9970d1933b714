package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");

    @TempDir
    Path home;

    @Test
    void aMailIsStoredWithItsEnvelopeAndItsBytes() throws IOException {
        Inbox inbox = open(10);

        long n = inbox.store("shop@example.com", List.of("kim@example.com", "lee@example.com"), mail("Hello"));

        InboxMail mail = inbox.get(n).orElseThrow();
        assertThat(mail.n()).isEqualTo(1);
        assertThat(mail.from()).isEqualTo("shop@example.com");
        assertThat(mail.to()).containsExactly("kim@example.com", "lee@example.com");
        assertThat(mail.subject()).isEqualTo("Hello");
        assertThat(mail.size()).isEqualTo(mail("Hello").length);
        assertThat(mail.at()).isEqualTo(Instant.parse("2026-11-22T10:00:00.123Z"));
        assertThat(inbox.raw(n)).hasValue(mail("Hello"));
    }

    @Test
    void onlyTheLastMailsAreStoredAndNumbersContinueAfterARestart() throws IOException {
        Inbox inbox = open(3);
        for (int i = 1; i <= 5; i++) {
            keep(inbox, "mail " + i);
        }
        assertThat(numbers(inbox)).containsExactly(5L, 4L, 3L);
        assertThat(inbox.get(2)).isEmpty();
        assertThat(inbox.raw(2)).isEmpty();
        assertThat(files()).containsExactlyInAnyOrder("3.mail", "4.mail", "5.mail");

        Inbox restarted = open(3);

        assertThat(numbers(restarted)).containsExactly(5L, 4L, 3L);
        assertThat(keep(restarted, "the next")).isEqualTo(6);
        assertThat(restarted.list(10, null))
                .extracting(InboxMail::subject)
                .containsExactly("the next", "mail 5", "mail 4");
    }

    @Test
    void filesOfAKilledProcessAreIgnoredAndDeleted() throws IOException {
        Inbox killed = open(2);
        keep(killed, "whole");
        keep(killed, "whole too");
        // Killed during a write; killed after a renaming and before the oldest mail was removed.
        Files.writeString(folder().resolve("3.draft"), "{\"from\":\"shop@exam");
        Files.copy(folder().resolve("2.mail"), folder().resolve("3.mail"));

        Inbox restarted = open(2);

        assertThat(numbers(restarted)).containsExactly(3L, 2L);
        assertThat(files()).containsExactlyInAnyOrder("2.mail", "3.mail");
        assertThat(keep(restarted, "the next")).isEqualTo(4);
    }

    @Test
    void aMailTruncatedByAPowerFailureIsIgnoredAndItsNumberIsNotReused() throws IOException {
        Inbox inbox = open(10);
        keep(inbox, "first");
        keep(inbox, "second");
        keep(inbox, "third");
        byte[] second = Files.readAllBytes(folder().resolve("2.mail"));
        Files.write(folder().resolve("2.mail"), Arrays.copyOf(second, second.length - 1));
        Files.write(folder().resolve("3.mail"), new byte[0]);

        Inbox restarted = open(10);

        assertThat(numbers(restarted)).containsExactly(1L);
        assertThat(restarted.raw(2)).isEmpty();
        assertThat(keep(restarted, "the next")).isEqualTo(4);
    }

    @Test
    void otherFilesInTheFolderAreLeftAlone() throws IOException {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("notes.txt"), "mine");

        keep(open(1), "first");
        keep(open(1), "second");

        assertThat(files()).containsExactlyInAnyOrder("notes.txt", "2.mail");
    }

    @Test
    void olderMailsAreReadPageByPage() throws IOException {
        Inbox inbox = open(10);
        for (int i = 1; i <= 5; i++) {
            keep(inbox, "mail " + i);
        }

        assertThat(inbox.list(2, null)).extracting(InboxMail::n).containsExactly(5L, 4L);
        assertThat(inbox.list(2, 4L)).extracting(InboxMail::n).containsExactly(3L, 2L);
        assertThat(inbox.list(2, 2L)).extracting(InboxMail::n).containsExactly(1L);
        assertThat(inbox.list(2, 1L)).isEmpty();
        assertThat(inbox.list(2, Long.MIN_VALUE)).isEmpty();
        assertThat(inbox.list(2, Long.MAX_VALUE)).extracting(InboxMail::n).containsExactly(5L, 4L);
    }

    @Test
    void concurrentMailsGetUniqueNumbersAndAReaderNeverSeesAGap() throws Exception {
        Inbox inbox = open(Inbox.CAPACITY);
        List<Future<List<Long>>> writers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            writers = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> keepMany(inbox, 250)))
                    .toList();
            while (writers.stream().anyMatch(it -> !it.isDone())) {
                List<Long> seen =
                        inbox.list(20, null).stream().map(InboxMail::n).toList();
                if (!seen.isEmpty()) {
                    long newest = seen.getFirst();
                    assertThat(seen)
                            .containsExactlyElementsOf(LongStream.range(0, seen.size())
                                    .mapToObj(i -> newest - i)
                                    .toList());
                }
            }
        }

        List<Long> given = new ArrayList<>();
        for (Future<List<Long>> writer : writers) {
            given.addAll(writer.get());
        }
        assertThat(given)
                .hasSize(2_000)
                .containsAll(LongStream.rangeClosed(1, 2_000).boxed().toList());
        assertThat(files()).hasSize(Inbox.CAPACITY);
    }

    @Test
    void aFailedWriteIsReportedAndLeavesNoGap() throws IOException {
        Inbox inbox = open(10);
        keep(inbox, "first");
        Path away = Files.move(folder(), home.resolve("unplugged"));
        assertThatThrownBy(() -> keep(inbox, "cannot be written")).isInstanceOf(IOException.class);
        Files.move(away, folder());
        Path obstacle = Files.createDirectory(folder().resolve("2.mail"));
        assertThatThrownBy(() -> keep(inbox, "cannot be renamed")).isInstanceOf(IOException.class);
        Files.delete(obstacle);

        assertThat(keep(inbox, "second")).isEqualTo(2);
        assertThat(numbers(inbox)).containsExactly(2L, 1L);
        assertThat(files()).containsExactlyInAnyOrder("1.mail", "2.mail");
    }

    private Inbox open(int capacity) {
        return new Inbox(folder(), capacity, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private Path folder() {
        return home.resolve("inbox");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(it -> it.getFileName().toString()).toList();
        }
    }

    private static List<Long> keepMany(Inbox inbox, int count) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(keep(inbox, "one of many"));
        }
        return numbers;
    }

    private static long keep(Inbox inbox, String subject) throws IOException {
        return inbox.store("shop@example.com", List.of("kim@example.com"), mail(subject));
    }

    private static byte[] mail(String subject) {
        return ("From: shop@example.com\r\nSubject: " + subject + "\r\n\r\nGood day.\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Long> numbers(Inbox inbox) {
        return inbox.list(Inbox.CAPACITY, null).stream().map(InboxMail::n).toList();
    }
}

package ums.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log file holds every line as soon as there is a pause, however many came before it. */
class AsyncLogAppenderTest {

    @TempDir
    Path folder;

    private final LoggerContext context = new LoggerContext();
    private final LogFileAppender file = new LogFileAppender();
    private Path log;
    private Logger logger;

    @BeforeEach
    void open() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        log = folder.resolve("ums.json");
        file.setFile(log.toString());
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        FixedWindowRollingPolicy never = new FixedWindowRollingPolicy();
        never.setContext(context);
        never.setParent(file);
        never.setFileNamePattern(folder.resolve("old.%i").toString());
        never.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> untilFull = new SizeBasedTriggeringPolicy<>();
        untilFull.setContext(context);
        untilFull.start();
        file.setContext(context);
        file.setEncoder(encoder);
        file.setRollingPolicy(never);
        file.setTriggeringPolicy(untilFull);
        file.start();
        AsyncLogAppender behind = new AsyncLogAppender();
        behind.setContext(context);
        behind.setQueueSize(16_384);
        behind.addAppender(file);
        behind.start();
        logger = context.getLogger("lines");
        logger.addAppender(behind);
    }

    @AfterEach
    void close() {
        context.stop();
    }

    @Test
    void writesASingleLineAtOnce() {
        logger.info("one");

        await().untilAsserted(() -> assertThat(Files.readAllLines(log)).containsExactly("one"));
    }

    @Test
    void writesTheLastOfThousandsOfLinesAtOnce() {
        List<String> lines = IntStream.range(0, 5_000).mapToObj(String::valueOf).toList();

        lines.forEach(logger::info);

        await().untilAsserted(() -> assertThat(Files.readAllLines(log)).isEqualTo(lines));
    }
}

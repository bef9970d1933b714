package ums.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import ums.clock.Clocks.Reading;

/** Compares the clocks in a process without a heartbeat. In the others, each heartbeat compares them. */
@Component
class ClockCheck {

    private static final Logger log = LoggerFactory.getLogger(ClockCheck.class);
    private static final Duration RECENT = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Clocks clocks;
    private final ClockSkew skew;

    ClockCheck(JdbcClient jdbc, Clocks clocks, ClockSkew skew) {
        this.jdbc = jdbc;
        this.clocks = clocks;
        this.skew = skew;
    }

    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    void compare() {
        if (skew.comparedWithin(RECENT)) {
            return;
        }
        try {
            Reading before = clocks.read();
            Instant database = jdbc.sql("select now()")
                    .query((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                    .single();
            skew.measured(before, database);
        } catch (DataAccessException e) {
            log.debug("The clocks were not compared: {}", e.toString());
        }
    }
}

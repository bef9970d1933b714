package ums.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ums.TestDatabase;

class HeartbeatTest {

    private static final TestDatabase DATABASE = TestDatabase.fresh();

    private long nanos = 1_000_000_000_000L;
    private boolean away;

    private final Heartbeat heartbeat = new Heartbeat(
            "me",
            () -> {
                if (away) {
                    throw new SQLException("away");
                }
                return DATABASE.connect();
            },
            Duration.ofSeconds(15),
            () -> nanos);

    @BeforeEach
    void table() throws SQLException {
        execute("drop table if exists process");
        execute(
                "create table process (id text primary key, started_at timestamptz default now(), beat_at timestamptz)");
    }

    @Test
    void beforeItsFirstBeatAProcessDoesNothing() throws SQLException {
        assertThat(heartbeat.mayAct()).isFalse();

        heartbeat.beat();

        assertThat(heartbeat.mayAct()).isTrue();
        assertThat(heartbeat.mayJudge()).isFalse();
    }

    @Test
    void twoThirdsOfTheTimeoutAfterItsLastBeatItNoLongerActs() throws SQLException {
        heartbeat.beat();
        pass(Duration.ofMillis(9_999));
        assertThat(heartbeat.mayAct()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(heartbeat.mayAct()).isFalse();
    }

    @Test
    void onlyAfterAFullTimeoutWithoutAGapDoesItJudgeOthers() throws SQLException {
        for (int i = 0; i < 5; i++) {
            heartbeat.beat();
            assertThat(heartbeat.mayJudge()).isFalse();
            pass(Duration.ofSeconds(3));
        }
        heartbeat.beat();
        assertThat(heartbeat.mayJudge()).isTrue();

        pass(Duration.ofSeconds(60));
        heartbeat.beat();
        assertThat(heartbeat.mayAct()).isTrue();
        assertThat(heartbeat.mayJudge()).isFalse();
    }

    @Test
    void whatWasClaimedBeforeAGapIsNoLongerOurs() throws SQLException {
        heartbeat.beat();
        BooleanSupplier before = heartbeat.lease();
        pass(Duration.ofSeconds(3));
        heartbeat.beat();
        assertThat(before.getAsBoolean()).isTrue();

        pass(Duration.ofSeconds(20));
        assertThat(before.getAsBoolean()).isFalse();
        heartbeat.beat();

        assertThat(heartbeat.mayAct()).isTrue();
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(heartbeat.lease().getAsBoolean()).isTrue();
    }

    @Test
    void aBeatThatCannotBeWrittenIsNone() {
        away = true;

        assertThatThrownBy(heartbeat::beat).isInstanceOf(SQLException.class);

        assertThat(heartbeat.mayAct()).isFalse();
    }

    @Test
    void itsBeatIsTheDatabasesTimeAndAStopSaysGoodbye() throws SQLException {
        heartbeat.start();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select now() - beat_at < interval '5 s' from process where id = 'me'")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBoolean(1)).isTrue();
        }

        heartbeat.stop();

        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 1 from process where id = 'me'")) {
            assertThat(row.next()).isFalse();
        }
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package ums.delivery;

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
import ums.SettableClock;
import ums.TestDatabase;
import ums.clock.ClockSkew;
import ums.clock.Clocks;

class HeartbeatTest {

    private static final TestDatabase DATABASE = TestDatabase.fresh();

    private final SettableClock wall = new SettableClock();
    private long nanos = 1_000_000_000_000L;
    private final Clocks clocks = new Clocks(() -> nanos, wall);
    private final ClockSkew skew = new ClockSkew(clocks);
    private boolean away;

    private final Heartbeat heartbeat = new Heartbeat(
            "me",
            () -> {
                if (away) {
                    throw new SQLException("away");
                }
                Connection connection = DATABASE.connect();
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set search_path = settable, pg_catalog, public");
                }
                return connection;
            },
            Duration.ofSeconds(15),
            clocks,
            skew);

    @BeforeEach
    void table() throws SQLException {
        execute("drop table if exists process");
        execute("drop schema if exists settable cascade");
        execute("create schema settable");
        execute("create table settable.ahead (seconds integer)");
        execute("insert into settable.ahead values (0)");
        execute("""
                create function settable.now() returns timestamptz language sql stable as
                'select pg_catalog.now() + seconds * interval ''1 second'' from settable.ahead'
                """);
        execute(
                "create table process (id text primary key, started_at timestamptz default now(), beat_at timestamptz)");
    }

    @Test
    void beforeItsFirstHeartbeatAProcessHasNoLease() throws SQLException {
        assertThat(heartbeat.isLeaseValid()).isFalse();

        heartbeat.beat();

        assertThat(heartbeat.isLeaseValid()).isTrue();
        assertThat(heartbeat.mayReap()).isFalse();
    }

    @Test
    void theLeaseEndsTwoThirdsOfTheTimeoutAfterTheLastHeartbeat() throws SQLException {
        heartbeat.beat();
        pass(Duration.ofMillis(9_999));
        assertThat(heartbeat.isLeaseValid()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(heartbeat.isLeaseValid()).isFalse();
    }

    @Test
    void onlyAfterAFullTimeoutWithoutAGapDoesItDeclareOthersDead() throws SQLException {
        for (int i = 0; i < 5; i++) {
            heartbeat.beat();
            assertThat(heartbeat.mayReap()).isFalse();
            pass(Duration.ofSeconds(3));
        }
        heartbeat.beat();
        assertThat(heartbeat.mayReap()).isTrue();

        pass(Duration.ofSeconds(60));
        heartbeat.beat();
        assertThat(heartbeat.isLeaseValid()).isTrue();
        assertThat(heartbeat.mayReap()).isFalse();
    }

    @Test
    void aGapEndsTheLeaseOfEarlierClaims() throws SQLException {
        heartbeat.beat();
        BooleanSupplier before = heartbeat.lease();
        pass(Duration.ofSeconds(3));
        heartbeat.beat();
        assertThat(before.getAsBoolean()).isTrue();

        pass(Duration.ofSeconds(20));
        assertThat(before.getAsBoolean()).isFalse();
        heartbeat.beat();

        assertThat(heartbeat.isLeaseValid()).isTrue();
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(heartbeat.lease().getAsBoolean()).isTrue();
    }

    /** Its monotonic clock stood still meanwhile. A wall clock that is set has the same effect. */
    @Test
    void aSuspendedMachineHasNoLeaseUntilItsNextHeartbeat() throws SQLException {
        steady();
        BooleanSupplier before = heartbeat.lease();
        assertThat(heartbeat.mayReap()).isTrue();

        wall.advance(Duration.ofSeconds(60));
        assertThat(heartbeat.isLeaseValid()).isFalse();
        assertThat(before.getAsBoolean()).isFalse();
        BooleanSupplier meanwhile = heartbeat.lease();
        pass(Duration.ofSeconds(1));
        heartbeat.beat();

        assertThat(heartbeat.isLeaseValid()).isTrue();
        assertThat(heartbeat.mayReap()).isFalse();
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(meanwhile.getAsBoolean()).isFalse();
        assertThat(heartbeat.lease().getAsBoolean()).isTrue();
    }

    @Test
    void aWallClockThatIsSetBackTakesTheLeaseToo() throws SQLException {
        steady();
        BooleanSupplier before = heartbeat.lease();

        wall.advance(Duration.ofSeconds(-5));
        assertThat(heartbeat.isLeaseValid()).isFalse();
        pass(Duration.ofSeconds(1));
        heartbeat.beat();

        assertThat(heartbeat.isLeaseValid()).isTrue();
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(heartbeat.mayReap()).isFalse();
    }

    @Test
    void aWallClockThatIsAdjustedByALittleIsNoGap() throws SQLException {
        steady();
        BooleanSupplier before = heartbeat.lease();

        wall.advance(Duration.ofMillis(4_999));
        assertThat(before.getAsBoolean()).isTrue();
        heartbeat.beat();

        assertThat(before.getAsBoolean()).isTrue();
        assertThat(heartbeat.mayReap()).isTrue();
    }

    @Test
    void aGuestWhoseClocksBothStoodStillFindsTheGapByTheDatabasesClock() throws SQLException {
        steady();
        BooleanSupplier before = heartbeat.lease();

        execute("update settable.ahead set seconds = 60");
        pass(Duration.ofSeconds(1));
        heartbeat.beat();

        assertThat(heartbeat.isLeaseValid()).isTrue();
        assertThat(before.getAsBoolean()).isFalse();
        assertThat(heartbeat.mayReap()).isFalse();
    }

    @Test
    void aDatabaseClockThatIsSetBackEndsNoLease() throws SQLException {
        steady();
        BooleanSupplier before = heartbeat.lease();

        execute("update settable.ahead set seconds = -3600");
        pass(Duration.ofSeconds(1));
        heartbeat.beat();

        assertThat(before.getAsBoolean()).isTrue();
    }

    @Test
    void eachHeartbeatComparesTheClocks() throws SQLException {
        assertThat(skew.skew()).isEmpty();
        heartbeat.beat();
        assertThat(skew.agrees()).isTrue();

        execute("update settable.ahead set seconds = 3600");
        heartbeat.beat();

        assertThat(skew.differs()).isTrue();
        assertThat(skew.skew().orElseThrow()).isBetween(Duration.ofMinutes(-61), Duration.ofMinutes(-59));
    }

    @Test
    void aHeartbeatThatCannotBeWrittenGivesNoLease() {
        away = true;

        assertThatThrownBy(heartbeat::beat).isInstanceOf(SQLException.class);

        assertThat(heartbeat.isLeaseValid()).isFalse();
    }

    @Test
    void theHeartbeatIsTheDatabasesTimeAndAStopDeregisters() throws SQLException {
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

    private void steady() throws SQLException {
        for (int i = 0; i <= 5; i++) {
            heartbeat.beat();
            pass(Duration.ofSeconds(3));
        }
        heartbeat.beat();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        wall.advance(duration);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package ums.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The database's clock as UMS sees it. Functions in a schema that precedes {@code pg_catalog} in the search path add a setting
 * to the true time. A reload applies it to every session before its next statement, so that all see a step at once. The
 * functions are STABLE and are inlined into the calling statement, which keeps its plan. {@code current_timestamp} is part of
 * the grammar and keeps the true time; UMS does not use it.
 */
final class DatabaseClock {

    private static final String SETTING = "fake.ahead";
    private static final String SCHEMA = """
            create schema fake;
            create function fake.now() returns timestamptz language sql stable parallel safe as
            $$ select pg_catalog.now() + pg_catalog.current_setting('%1$s')::float8 * interval '1 second' $$;
            create function fake.transaction_timestamp() returns timestamptz language sql stable parallel safe as
            $$ select fake.now() $$;
            create function fake.statement_timestamp() returns timestamptz language sql stable parallel safe as
            $$ select pg_catalog.statement_timestamp() + pg_catalog.current_setting('%1$s')::float8 * interval '1 second' $$;
            create function fake.clock_timestamp() returns timestamptz language sql volatile parallel safe as
            $$ select pg_catalog.clock_timestamp() + pg_catalog.current_setting('%1$s')::float8 * interval '1 second' $$;
            alter database %2$s set search_path = public, fake, pg_catalog;
            """.formatted(SETTING, Postgres.DATABASE);

    private final Postgres postgres;
    private final Path file;

    /** @param folder the database's folder */
    DatabaseClock(Postgres postgres, Path folder) {
        this.postgres = postgres;
        this.file = folder.resolve("data/clock.conf");
    }

    /** Called before UMS connects, as a session keeps the search path that it began with. */
    void prepare() throws IOException, InterruptedException {
        Files.writeString(
                file.resolveSibling("postgresql.conf"), "\ninclude 'clock.conf'\n", StandardOpenOption.APPEND);
        ahead(Duration.ZERO);
        postgres.execute(SCHEMA);
    }

    /** Sets the clock ahead of the true time, or behind it if negative. It also applies to a later start of the database. */
    void ahead(Duration duration) throws IOException, InterruptedException {
        Path fresh = Files.writeString(
                file.resolveSibling("clock.conf.new"), SETTING + " = '" + duration.toMillis() / 1e3 + "'\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        postgres.reload();
    }
}

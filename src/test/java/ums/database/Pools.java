package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import ums.TestDatabase;

/** Pools that are set up as an operator would, and not opened. */
final class Pools {

    private Pools() {}

    static HikariDataSource of(TestDatabase database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        return pool;
    }
}

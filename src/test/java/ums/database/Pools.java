package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import ums.TestDatabase;

/** Pools configured as by an operator, and not opened. */
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

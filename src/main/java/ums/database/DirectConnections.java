package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * Opens connections outside the pool, with all settings of the pool's own. Each is passed on alone: a user needs no password
 * where the server trusts it, asks for a certificate, or the driver finds one in {@code .pgpass}.
 */
public final class DirectConnections {

    private final HikariDataSource pool;

    DirectConnections(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Opens one.
     *
     * @param name what the server shows it as
     * @param patience how long connecting, and each answer, may take; whole seconds, at least one
     */
    public Connection open(String name, Duration patience) throws SQLException {
        Properties settings = settings(name);
        String seconds = String.valueOf(Math.max(1, patience.toSeconds()));
        settings.setProperty("connectTimeout", seconds);
        settings.setProperty("socketTimeout", seconds);
        Connection connection = DriverManager.getConnection(url(), settings);
        String first = pool.getConnectionInitSql();
        if (first == null) {
            return connection;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(first);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** What the pool gives to the driver. */
    Properties settings(String name) {
        Properties settings = new Properties();
        settings.putAll(pool.getDataSourceProperties());
        if (pool.getUsername() != null) {
            settings.setProperty("user", pool.getUsername());
        }
        if (pool.getPassword() != null) {
            settings.setProperty("password", pool.getPassword());
        }
        settings.setProperty("tcpKeepAlive", "true");
        settings.setProperty("ApplicationName", name);
        return settings;
    }

    String url() {
        return pool.getJdbcUrl();
    }

    /** For messages: without what follows the database's name, which may be a password. */
    String shownUrl() {
        return url().replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }
}

package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * Opens connections outside the pool, with the pool's settings. User and password are passed on independently: a user needs no
 * password if the server trusts it or asks for a certificate, or if the driver finds the password in {@code .pgpass}.
 */
public final class DirectConnections {

    private final HikariDataSource pool;

    DirectConnections(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Opens a connection.
     *
     * @param name its {@code application_name} on the server
     * @param timeout how long connecting, and each answer, may take; in whole seconds, at least one
     */
    public Connection open(String name, Duration timeout) throws SQLException {
        Properties settings = settings(name);
        String seconds = String.valueOf(Math.max(1, timeout.toSeconds()));
        settings.setProperty("connectTimeout", seconds);
        settings.setProperty("socketTimeout", seconds);
        Connection connection = DriverManager.getConnection(url(), settings);
        String initSql = pool.getConnectionInitSql();
        if (initSql == null) {
            return connection;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(initSql);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The driver's properties, as the pool sets them. */
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

    /** The URL for messages: without user, password and parameters, as these may hold a password. */
    String shownUrl() {
        return url().replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }
}

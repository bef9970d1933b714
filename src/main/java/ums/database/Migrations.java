package ums.database;

import java.util.Properties;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.Driver;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Runs migrations on connections outside the pool. The pool's connections time out after half a minute, which would abort a
 * longer statement every time, and must not scan tables, which a migration has to.
 */
final class Migrations implements FlywayConfigurationCustomizer {

    private static final String NAME = "ums migrations";

    private final DirectConnections connections;
    private final FlywayConnectionDetails details;

    Migrations(DirectConnections connections, FlywayConnectionDetails details) {
        this.connections = connections;
        this.details = details;
    }

    @Override
    public void customize(FluentConfiguration configuration) {
        Properties settings = connections.settings(NAME);
        settings.remove("socketTimeout");
        // A user for migrations without a password of its own must not be tried with the pool's.
        if (details.getUsername() != null) {
            settings.setProperty("user", details.getUsername());
            settings.remove("password");
        }
        if (details.getPassword() != null) {
            settings.setProperty("password", details.getPassword());
        }
        String url = details.getJdbcUrl() == null ? connections.url() : details.getJdbcUrl();
        configuration.dataSource(new SimpleDriverDataSource(new Driver(), url, settings));
    }
}

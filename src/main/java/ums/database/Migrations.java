package ums.database;

import java.util.Properties;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.Driver;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Migrates on connections of its own. The pool's give up on an answer after half a minute, so that a longer statement could
 * never be applied, and are kept from scanning tables, which a migration has to do.
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
        // An owner without a password of its own is not tried with that of somebody else.
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

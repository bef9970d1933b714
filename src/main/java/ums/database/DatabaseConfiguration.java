package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pool's preparation, and the connections outside the pool. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean
    static BeanPostProcessor poolPreparation() {
        return new PoolPreparation();
    }

    @Bean
    DirectConnections directConnections(DataSource pool) throws SQLException {
        return new DirectConnections(pool.unwrap(HikariDataSource.class));
    }

    @Bean
    FlywayConfigurationCustomizer migrations(DirectConnections connections, FlywayConnectionDetails details) {
        return new Migrations(connections, details);
    }
}

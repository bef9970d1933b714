package ums.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

class EmbeddedPostgresConfigurationTest {

    @TempDir
    static Path home;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withUserConfiguration(Sandbox.class)
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class))
            .withPropertyValues("ums.home=" + home);

    @Test
    void withoutADatabaseUrlTheEmbeddedServerRunsAndThePoolClosesFirstAndTheLockLast() {
        List<Object> gone = new ArrayList<>();
        application
                .withBean(DestructionOrder.class, () -> new DestructionOrder(gone))
                .run(context -> {
                    assertThat(version(context.getBean(JdbcClient.class))).startsWith("18.");
                    try (Connection connection =
                            context.getBean(DataSource.class).getConnection()) {
                        assertThat(connection.getMetaData().getURL())
                                .isEqualTo(
                                        context.getBean(EmbeddedPostgres.class).jdbcUrl());
                    }
                });
        assertThat(gone)
                .extracting(EmbeddedPostgresConfigurationTest::part)
                .containsSubsequence("pool", "server", "home");
    }

    @Test
    void anEmptyUrlCountsAsUnset() {
        application
                .withPropertyValues("spring.datasource.url=")
                .run(context ->
                        assertThat(version(context.getBean(JdbcClient.class))).startsWith("18."));
    }

    @Test
    void withADatabaseUrlNoServerStartsButTheHomeIsLocked() {
        application
                .withPropertyValues("spring.datasource.url=jdbc:postgresql://database.example/ums")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedPostgres.class);
                    assertThat(context).hasSingleBean(UmsHome.class);
                });
    }

    private static String part(Object bean) {
        return switch (bean) {
            case DataSource _ -> "pool";
            case EmbeddedPostgres _ -> "server";
            case UmsHome _ -> "home";
            default -> "another";
        };
    }

    private static String version(JdbcClient database) {
        return database.sql("SHOW server_version").query(String.class).single();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(HomeProperties.class)
    @Import({UmsHome.class, EmbeddedPostgresConfiguration.class})
    static class Sandbox {}

    /** Records each bean just before it is destroyed. */
    record DestructionOrder(List<Object> gone) implements DestructionAwareBeanPostProcessor {

        @Override
        public void postProcessBeforeDestruction(Object bean, String beanName) {
            gone.add(bean);
        }
    }
}

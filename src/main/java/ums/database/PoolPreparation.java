package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Checks the database before the pool opens its first connection, and sets the pool's properties that depend on the result. */
final class PoolPreparation implements BeanPostProcessor {

    private static final Pattern SEVERAL_HOSTS = Pattern.compile("jdbc:postgresql://[^/?]*,.*");

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool) {
            prepare(pool);
        }
        return bean;
    }

    private static void prepare(HikariDataSource pool) {
        if (SEVERAL_HOSTS.matcher(pool.getJdbcUrl()).matches()) {
            // A parameter in the URL overrides this. With one host there is no other to choose.
            pool.getDataSourceProperties().putIfAbsent("targetServerType", "primary");
        }
        String added = new DatabaseCheck(new DirectConnections(pool)).run();
        if (!added.isEmpty()) {
            String initSql = pool.getConnectionInitSql();
            pool.setConnectionInitSql(initSql == null ? added : initSql + "; " + added);
        }
    }
}

package ums.database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Checks the database before the pool opens its first connection, and gives the pool what depends on what was found. */
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
            // What the URL itself says comes before it. With one host there is no other to turn to.
            pool.getDataSourceProperties().putIfAbsent("targetServerType", "primary");
        }
        String first = new DatabaseCheck(new DirectConnections(pool)).run();
        if (!first.isEmpty()) {
            String before = pool.getConnectionInitSql();
            pool.setConnectionInitSql(before == null ? first : before + "; " + first);
        }
    }
}

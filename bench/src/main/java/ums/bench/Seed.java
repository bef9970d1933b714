package ums.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Makes millions of messages from one that UMS accepted: copies its rows, whatever columns they have, under new ids. Copies of
 * a waiting message wait; copies of a sent message are history.
 */
public final class Seed {

    /** Each table with rows of a message, and its column with the message's id. */
    private static final String TABLES = """
            select table_name, case when table_name = 'message' then 'id' else column_name end as owner
            from information_schema.columns join information_schema.tables using (table_schema, table_name)
            where table_schema = 'public' and table_type = 'BASE TABLE'
              and (column_name in ('message_id', 'aggregate_id') or table_name = 'message' and column_name = 'id')
            order by table_name
            """;

    /** The columns of a table that the database does not generate. */
    private static final String COLUMNS = """
            select quote_ident(column_name) from information_schema.columns
            where table_schema = 'public' and table_name = '%s' and column_name <> '%s' and is_identity = 'NO'
              and is_generated = 'NEVER' and coalesce(column_default, '') not like 'nextval%%'
            """;

    private Seed() {}

    /** Copies the only message in the database. */
    public static void copyOnly(Connection connection, int count) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create temporary table model as select id from message");
            statement.execute("create temporary table fresh as select uuidv7() as id from generate_series(1, %d)"
                    .formatted(count));
            Map<String, String> tables = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    tables.put(rows.getString(1), rows.getString(2));
                }
            }
            for (Map.Entry<String, String> table : tables.entrySet()) {
                statement.execute(copy(statement, table.getKey(), table.getValue()));
            }
        }
    }

    private static String copy(Statement statement, String table, String owner) throws SQLException {
        StringJoiner columns = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        columns.add(owner);
        values.add("fresh.id");
        try (ResultSet rows = statement.executeQuery(COLUMNS.formatted(table, owner))) {
            while (rows.next()) {
                columns.add(rows.getString(1));
                values.add("rows." + rows.getString(1));
            }
        }
        // The statement does not see the rows that it inserts, so it copies only the model's.
        return "insert into %s (%s) select %s from (select * from %s where %s in (select id from model)) as rows, fresh"
                .formatted(table, columns, values, table, owner);
    }
}

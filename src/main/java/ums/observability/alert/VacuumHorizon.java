package ums.observability.alert;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Finds the transaction that keeps dead rows from being vacuumed. Transactions of other database users are visible only
 * with {@code pg_read_all_stats}.
 */
@Repository
class VacuumHorizon {

    private final JdbcClient jdbc;

    VacuumHorizon(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The oldest such transaction, prepared ones included; empty if there is none. */
    Optional<Holder> oldest() {
        return jdbc.sql("""
                        select holder, floor(extract(epoch from now() - began))::bigint as seconds
                        from (
                            select 'process ' || pid || ' (' || coalesce(nullif(application_name, ''), 'unnamed') || ')' as holder,
                                xact_start as began
                            from pg_stat_activity
                            where datname = current_database() and pid <> pg_backend_pid()
                              and (backend_xmin is not null or backend_xid is not null)
                              and backend_type <> 'autovacuum worker'
                            union all
                            select 'prepared transaction ' || transaction, prepared
                            from pg_prepared_xacts
                            where database = current_database()) holders
                        where began is not null
                        order by began limit 1
                        """)
                .query((row, _) -> new Holder(row.getString("holder"), row.getLong("seconds")))
                .optional();
    }

    /**
     * A transaction that holds back the horizon.
     *
     * @param holder its process or name, for people
     * @param seconds its age
     */
    record Holder(String holder, long seconds) {}
}

package ums.failure;

import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import ums.channel.ErrorType;
import ums.counting.SegmentedCount;
import ums.counting.SegmentedCount.Step;

/** Counts open failures by type: exactly up to 10,000 of a type, within a tenth above. */
@Repository
public class OpenFailures {

    private static final UUID FIRST = new UUID(0, 0);
    private static final UUID LAST = new UUID(-1, -1);

    private final JdbcClient jdbc;
    private final Map<ErrorType, SegmentedCount<UUID>> counts = new EnumMap<>(ErrorType.class);

    OpenFailures(JdbcClient jdbc) {
        this.jdbc = jdbc;
        for (ErrorType type : ErrorType.values()) {
            counts.put(type, new SegmentedCount<>((after, upTo, max) -> walk(type, after, upTo, max)));
        }
    }

    /** The count of each type. Called by the sampler of the gauges, every two seconds. */
    public synchronized Map<ErrorType, Long> count() {
        Map<ErrorType, Long> open = new EnumMap<>(ErrorType.class);
        counts.forEach((type, count) -> open.put(type, count.count()));
        return open;
    }

    private Step<UUID> walk(ErrorType type, @Nullable UUID after, @Nullable UUID upTo, int max) {
        return jdbc.sql("""
                        with step as materialized (
                            select id from send_failure
                            where not handled and error_type = :type and id > :after and id <= :upTo
                            order by id limit :max)
                        select (select count(*) from step) as entries, id from step order by id desc limit 1
                        """)
                .param("type", type.name())
                .param("after", after == null ? FIRST : after)
                .param("upTo", upTo == null ? LAST : upTo)
                .param("max", max)
                .query((row, _) -> new Step<>(row.getInt("entries"), row.getObject("id", UUID.class)))
                .optional()
                .orElse(new Step<>(0, null));
    }
}

package ums.bench.speed.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** db-scheduler, with lock-and-fetch polling and the settings that its documentation recommends for high throughput. */
final class DbScheduler implements Peer {

    private static final int THREADS = 16;
    private static final double REFILL_BELOW = 1.0;
    private static final double FETCH_UP_TO = 4.0;
    private static final int BATCH = 1_000;

    /** The table and indexes from its documentation. */
    private static final String SCHEMA = """
            create table if not exists scheduled_tasks (
                task_name text not null, task_instance text not null, task_data bytea, execution_time timestamptz,
                picked boolean not null, picked_by text, last_success timestamptz, last_failure timestamptz,
                consecutive_failures int, last_heartbeat timestamptz, version bigint not null, priority smallint,
                state text, primary key (task_name, task_instance));
            create index if not exists execution_time_idx on scheduled_tasks (execution_time);
            create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            create index if not exists priority_execution_time_idx
                on scheduled_tasks (priority desc, execution_time asc);
            truncate scheduled_tasks""";

    private final DataSource database;

    DbScheduler(DataSource database) throws SQLException {
        this.database = database;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
        }
    }

    @Override
    public void fill(int count, String text) {
        OneTimeTask<String> task = task(_ -> {});
        SchedulerClient client = SchedulerClient.Builder.create(database, task).build();
        List<TaskInstance<?>> batch = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            batch.add(task.instance(String.valueOf(n), text));
            if (batch.size() == BATCH || n == count - 1) {
                client.scheduleBatch(batch, Instant.now());
                batch.clear();
            }
        }
    }

    @Override
    public void start(Consumer<String> job) {
        Scheduler.create(database, task(job))
                .threads(THREADS)
                .pollUsingLockAndFetch(REFILL_BELOW, FETCH_UP_TO)
                .pollingInterval(Duration.ofSeconds(1))
                .build()
                .start();
    }

    @Override
    public String remaining() {
        return "select count(*) from scheduled_tasks";
    }

    private static OneTimeTask<String> task(Consumer<String> job) {
        return Tasks.oneTime("mail", String.class).execute((instance, _) -> job.accept(instance.getData()));
    }
}

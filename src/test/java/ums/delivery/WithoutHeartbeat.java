package ums.delivery;

import java.sql.SQLException;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import ums.clock.ClockSkew;
import ums.clock.Clocks;

/** A process whose heartbeats the database refuses. */
public final class WithoutHeartbeat {

    private WithoutHeartbeat() {}

    /** Its vitals, after the first heartbeat failed. */
    public static ObjectProvider<DispatchVitals> vitals() {
        Clocks clocks = Clocks.system();
        Heartbeat heartbeat = new Heartbeat(
                "me",
                () -> {
                    throw new SQLException("FATAL: role \"root\" does not exist");
                },
                Duration.ofSeconds(15),
                clocks,
                new ClockSkew(clocks));
        heartbeat.start();
        heartbeat.stop();
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("vitals", new DispatchVitals(heartbeat, null, null, 64));
        return beans.getBeanProvider(DispatchVitals.class);
    }
}

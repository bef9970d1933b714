package ums;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import ums.clock.ClockSkew;
import ums.clock.Clocks;

/** The clocks of the whole process, and its scheduler. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class TimeConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Clocks clocks() {
        return Clocks.system();
    }

    @Bean
    ClockSkew clockSkew(Clocks clocks) {
        return new ClockSkew(clocks);
    }

    /** A few threads, so that a long run of retention does not delay the other tasks. */
    @Bean
    TaskScheduler taskScheduler() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(4);
        scheduler.setThreadNamePrefix("scheduler-");
        return scheduler;
    }
}

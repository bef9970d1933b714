package ums.queue;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Spreads the sends of a channel over time, over all processes on the database: what may be sent in a second is a purse in
 * the database that claims are paid from. At most a second's worth is saved up, or one send where that is rarer.
 */
@Repository
public class RateLimiter {

    private final JdbcClient jdbc;

    RateLimiter(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes leave for sends that begin now. Called by the dispatcher before it claims. Nothing is spent ahead of time: what
     * seems to be was spent before the database's clock was set back, and must not hold up the channel until it is there again.
     *
     * @param perSecond how many sends a second, more than zero
     * @param wanted how many the caller could begin
     * @return how many he may
     */
    @Transactional
    public int acquire(String channel, double perSecond, int wanted) {
        jdbc.sql("""
                        insert into rate_limit (channel, spent_until) values (:channel, now() - :saved * interval '1 second')
                        on conflict do nothing
                        """).param("channel", channel).param("saved", saved(perSecond)).update();
        return jdbc.sql("""
                        with purse as materialized (
                            select spent_until > now() + interval '5 seconds' as set_back,
                                greatest(spent_until, now() - :saved * interval '1 second') as spent
                            from rate_limit where channel = :channel
                            for update),
                        counted as materialized (
                            select set_back, case when set_back then now() else spent end as since from purse),
                        leave as materialized (
                            select set_back, since,
                                least(:wanted, floor(extract(epoch from now() - since) * :rate + 0.00001))::integer as sends
                            from counted)
                        update rate_limit
                        set spent_until = since + sends / :rate * interval '1 second'
                        from leave
                        where channel = :channel and (sends > 0 or set_back)
                        returning sends
                        """)
                .param("channel", channel)
                .param("saved", saved(perSecond))
                .param("rate", perSecond)
                .param("wanted", wanted)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /** Gives back leave that was not used. */
    public void giveBack(String channel, double perSecond, int sends) {
        jdbc.sql(
                        "update rate_limit set spent_until = spent_until - :sends / :rate * interval '1 second' where channel = :channel")
                .param("channel", channel)
                .param("sends", sends)
                .param("rate", perSecond)
                .update();
    }

    private static double saved(double perSecond) {
        return Math.max(1, 1 / perSecond);
    }
}

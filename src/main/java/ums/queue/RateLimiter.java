package ums.queue;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Limits how many messages an account sends in a second, over all processes on the database. Each account has a token bucket in
 * the database, and a message needs one token. The bucket holds the tokens of one second, or one token if the rate is lower
 * than that.
 */
@Repository
public class RateLimiter {

    private final JdbcClient jdbc;

    RateLimiter(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes tokens for messages that are sent now. Called by the dispatcher before it claims. No tokens are taken ahead of
     * time, so a bucket whose {@code spent_until} is in the future was used before the database's clock was set back. It is
     * reset, as the account would wait until that time otherwise.
     *
     * @param perSecond the rate, more than zero
     * @param wanted how many messages the caller could send now
     * @return how many it may send now
     */
    @Transactional
    public int acquire(String provider, double perSecond, int wanted) {
        jdbc.sql("""
                        insert into rate_limit (provider, spent_until) values (:provider, now() - :burst * interval '1 second')
                        on conflict do nothing
                        """)
                .param("provider", provider)
                .param("burst", burst(perSecond))
                .update();
        return jdbc.sql("""
                        with bucket as materialized (
                            select spent_until > now() + interval '5 seconds' as set_back,
                                greatest(spent_until, now() - :burst * interval '1 second') as spent_until
                            from rate_limit where provider = :provider
                            for update),
                        filled as materialized (
                            select set_back, case when set_back then now() else spent_until end as since from bucket),
                        acquired as materialized (
                            select set_back, since,
                                least(:wanted, floor(extract(epoch from now() - since) * :rate + 0.00001))::integer as tokens
                            from filled)
                        update rate_limit
                        set spent_until = since + tokens / :rate * interval '1 second'
                        from acquired
                        where provider = :provider and (tokens > 0 or set_back)
                        returning tokens
                        """)
                .param("provider", provider)
                .param("burst", burst(perSecond))
                .param("rate", perSecond)
                .param("wanted", wanted)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /** Returns tokens that were not used. */
    public void giveBack(String provider, double perSecond, int tokens) {
        jdbc.sql(
                        "update rate_limit set spent_until = spent_until - :tokens / :rate * interval '1 second' where provider = :provider")
                .param("provider", provider)
                .param("tokens", tokens)
                .param("rate", perSecond)
                .update();
    }

    private static double burst(double perSecond) {
        return Math.max(1, 1 / perSecond);
    }
}

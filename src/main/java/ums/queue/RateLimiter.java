package ums.queue;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Limits how many recipients an account sends to in a second, over all processes on the database. Each account has a token bucket
 * in the database, and a recipient needs one token. The bucket holds the tokens of one second, or one token if the rate is lower
 * than that. It may be in debt: then it gives no tokens until the debt is paid.
 */
@Repository
public class RateLimiter {

    /** How many recipients a message has at most: a token is acquired for one of them, and the others are charged later. */
    private static final int RECIPIENTS_OF_A_TOKEN = 100;

    private final JdbcClient jdbc;

    RateLimiter(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes tokens that are there now. Called by the dispatcher before it claims. A debt is at most what the tokens of a full
     * bucket can be charged, so a bucket whose {@code spent_until} is later than that was used before the database's clock was
     * set back. It is reset, as the account would wait until that time otherwise.
     *
     * @param perSecond the rate, more than zero
     * @param wanted how many tokens the caller could use now
     * @return how many it may use now
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
                            select spent_until > now() + :longest_debt * interval '1 second' as set_back,
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
                .param("longest_debt", 5 + RECIPIENTS_OF_A_TOKEN * burst(perSecond))
                .param("rate", perSecond)
                .param("wanted", wanted)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /** Takes tokens that need not be there yet, or returns tokens that were not used where {@code tokens} is negative. */
    public void charge(String provider, double perSecond, int tokens) {
        jdbc.sql(
                        "update rate_limit set spent_until = spent_until + :tokens / :rate * interval '1 second' where provider = :provider")
                .param("provider", provider)
                .param("tokens", tokens)
                .param("rate", perSecond)
                .update();
    }

    private static double burst(double perSecond) {
        return Math.max(1, 1 / perSecond);
    }
}

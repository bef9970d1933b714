package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;
import ums.access.ApiKey;
import ums.access.Scope;
import ums.web.ProblemException;

/** Limits of two requests a second with a burst of ten. */
class RateLimitsTest {

    private final Time time = new Time();
    private final RateLimits limits = new RateLimits(
            new LimitsProperties(2, 10, DataSize.ofMegabytes(1), 10, Duration.ofSeconds(1), List.of()), time);
    private final ApiKey key = key();

    @Test
    void theBurstPassesAndThenTheRate() {
        for (int left = 9; left >= 0; left--) {
            MockHttpServletResponse answer = new MockHttpServletResponse();
            assertThat(limits.admit(key, answer)).isTrue();
            assertThat(answer.getHeader("RateLimit-Policy")).isEqualTo("\"requests\";q=10;w=5");
            assertThat(answer.getHeader("RateLimit")).startsWith("\"requests\";r=" + left + ";t=");
        }

        MockHttpServletResponse refused = new MockHttpServletResponse();
        assertThat(limits.admit(key, refused)).isFalse();
        assertThat(refused.getHeader("RateLimit")).isEqualTo("\"requests\";r=0;t=5");
        assertThat(refused.getHeader("Retry-After")).isEqualTo("1");

        time.pass(Duration.ofSeconds(1));
        assertThat(admitted(20)).isEqualTo(2);
    }

    @Test
    void keysAndAddressesHaveBucketsOfTheirOwn() {
        assertThat(admitted(20)).isEqualTo(10);

        assertThat(limits.admit(key(), new MockHttpServletResponse())).isTrue();
        assertThat(limits.admit("192.0.2.1", new MockHttpServletResponse())).isTrue();
        assertThat(limits.admit("192.0.2.2", new MockHttpServletResponse())).isTrue();
    }

    @Test
    void aBatchCostsItsItems() {
        assertThat(batch(7).getHeader("RateLimit")).isEqualTo("\"requests\";r=3;t=4");
        assertThat(admitted(20)).isEqualTo(3);
    }

    @Test
    void aBatchOverTheRemainingTokensGetsRetryAfter() {
        assertThat(admitted(5)).isEqualTo(5);

        MockHttpServletResponse refused = new MockHttpServletResponse();
        assertThat(limits.admit(key, refused)).isTrue();
        assertThatThrownBy(() -> limits.admitBatch(key, 8, refused)).isInstanceOf(ProblemException.class);
        assertThat(refused.getHeader("Retry-After")).isEqualTo("2");

        time.pass(Duration.ofSeconds(2));
        batch(8);
    }

    @Test
    void aBatchOverTheBurstPassesWhenTheBucketIsFullAndLeavesItInDebt() {
        assertThat(batch(100).getHeader("RateLimit")).isEqualTo("\"requests\";r=0;t=50");

        MockHttpServletResponse refused = new MockHttpServletResponse();
        assertThat(limits.admit(key, refused)).isFalse();
        assertThat(refused.getHeader("Retry-After")).isEqualTo("46");
        time.pass(Duration.ofMillis(45_400));
        assertThat(admitted(1)).isZero();
        time.pass(Duration.ofMillis(100));
        assertThat(admitted(20)).isEqualTo(1);

        time.pass(Duration.ofSeconds(4));
        MockHttpServletResponse early = new MockHttpServletResponse();
        limits.admit(key, early);
        assertThatThrownBy(() -> limits.admitBatch(key, 100, early)).isInstanceOf(ProblemException.class);
        assertThat(early.getHeader("Retry-After")).isEqualTo("2");
        time.pass(Duration.ofSeconds(2));
        batch(100);
    }

    @Test
    void fullBucketsAreEvicted() {
        Buckets<String> buckets = new Buckets<>(2, 10, time);
        buckets.of("a").tryConsume(1);
        buckets.of("b").tryConsume(10);

        time.pass(Duration.ofSeconds(1));
        buckets.evictFull();
        assertThat(buckets.size()).isEqualTo(1);
        time.pass(Duration.ofSeconds(4));
        buckets.evictFull();
        assertThat(buckets.size()).isZero();
    }

    @Test
    void manyAddressesEvictTheirOwnBucketsAndNotLaterCallers() {
        Buckets<String> buckets = new Buckets<>(2, 10, time, 3);
        for (String one : List.of("a", "b", "c")) {
            buckets.of(one).tryConsume(1);
        }
        buckets.of("a").tryConsume(9);
        assertThat(buckets.of("d")).isSameAs(buckets.of("e"));

        time.pass(Duration.ofSeconds(1));

        assertThat(buckets.of("d")).isSameAs(buckets.of("d")).isNotSameAs(buckets.of("e"));
        assertThat(buckets.of("a").getAvailableTokens()).isEqualTo(2);
    }

    private int admitted(int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += limits.admit(key, new MockHttpServletResponse()) ? 1 : 0;
        }
        return admitted;
    }

    private MockHttpServletResponse batch(int items) {
        MockHttpServletResponse answer = new MockHttpServletResponse();
        assertThat(limits.admit(key, answer)).isTrue();
        limits.admitBatch(key, items, answer);
        return answer;
    }

    private static ApiKey key() {
        return new ApiKey(
                UUID.randomUUID(), "shop", "web", ApiKey.Mode.LIVE, Set.of(), Scope.ALL, Instant.EPOCH, null, null);
    }

    /** A clock that a test advances. */
    private static final class Time implements TimeMeter {

        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}

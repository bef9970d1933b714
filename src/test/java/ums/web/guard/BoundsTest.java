package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;
import ums.access.ApiKey;
import ums.access.Scope;
import ums.web.ProblemException;
import ums.web.TestProblemWriter;

/** Concurrent requests and their memory are bounded, and no caller can take all of it. */
class BoundsTest {

    private static final String API = "/api/messages";

    private AdmissionFilter filter;

    @AfterEach
    void clearAuthentication() {
        SecurityContextHolder.clearContext();
    }

    @Test
    void aRequestOverTheQuotaGets503AndPassesWhenAPermitIsFree() throws Exception {
        filter = filter(2);

        send(
                null,
                "192.0.2.1",
                API,
                () -> send(null, "192.0.2.2", API, () -> {
                    MockHttpServletResponse third = send(null, "192.0.2.3", API, BoundsTest::never);
                    assertThat(third.getStatus()).isEqualTo(503);
                    assertThat(third.getHeader("Retry-After")).isEqualTo("1");
                    assertThat(third.getContentAsString()).contains("\"OVERLOADED\"");
                }));

        assertThat(send(null, "192.0.2.3", API, () -> {}).getStatus()).isEqualTo(200);
    }

    @Test
    void aKeyHasHalfOfThePermitsFromAllAddressesTogether() throws Exception {
        filter = filter(4);
        ApiKey greedy = key();

        send(
                greedy,
                "192.0.2.1",
                API,
                () -> send(greedy, "192.0.2.2", API, () -> {
                    assertThat(send(greedy, "192.0.2.3", API, BoundsTest::never).getStatus())
                            .isEqualTo(503);
                    send(
                            key(),
                            "192.0.2.1",
                            API,
                            () -> assertThat(send(key(), "192.0.2.1", API, () -> {})
                                            .getStatus())
                                    .isEqualTo(200));
                }));
    }

    @Test
    void otherRequestsTakeNoneOfTheApisPermits() throws Exception {
        filter = filter(20);

        send(
                null,
                "192.0.2.1",
                "/docs",
                () -> send(null, "192.0.2.2", "/admin/audit", () -> {
                    assertThat(send(null, "192.0.2.3", "/inbox", BoundsTest::never)
                                    .getStatus())
                            .isEqualTo(503);
                    assertThat(send(null, "192.0.2.3", API, () -> {}).getStatus())
                            .isEqualTo(200);
                }));
    }

    @Test
    void bodiesStayWithinTheMemoryQuotaAndEachCallerWithinHalfOfIt() {
        FairQuota memory = new FairQuota(100);
        BodyMemory one = new BodyMemory(memory, "one");
        one.add(50);
        assertThatThrownBy(() -> one.add(1)).isInstanceOf(ProblemException.class);
        try (BodyMemory another = new BodyMemory(memory, "another");
                BodyMemory third = new BodyMemory(memory, "third")) {
            another.add(40);
            assertThatThrownBy(() -> third.add(11)).isInstanceOf(ProblemException.class);
            third.add(10);
        }
        assertThat(memory.held()).isEqualTo(50);
        one.close();
        assertThat(memory.held()).isZero();
        assertThat(memory.callers()).isZero();
    }

    @Test
    void anErrorReleasesWhatWasAcquired() {
        FairQuota quota = new FairQuota(100);
        Faulty caller = new Faulty();
        quota.tryAcquire(caller, 10);
        caller.fails = true;

        assertThatThrownBy(() -> quota.tryAcquire(caller, 10)).isInstanceOf(StackOverflowError.class);
        assertThat(quota.held()).isEqualTo(10);
        assertThatThrownBy(() -> quota.release(caller, 10)).isInstanceOf(StackOverflowError.class);
        assertThat(quota.held()).isZero();
    }

    @Test
    void aRequestThatEndsInAnErrorReleasesItsPermit() throws Exception {
        filter = filter(1);

        assertThatThrownBy(() -> send(null, "192.0.2.1", API, () -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(send(null, "192.0.2.2", API, () -> {}).getStatus()).isEqualTo(200);
    }

    @Test
    void aBodyAboveTheMinimumRateMayExceedTheTimeout() {
        Duration timeout = Duration.ofSeconds(10);
        long second = Duration.ofSeconds(1).toNanos();

        assertThat(BoundedStream.isLate(10 * second, 0, timeout)).isFalse();
        assertThat(BoundedStream.isLate(11 * second, 1_000, timeout)).isTrue();
        assertThat(BoundedStream.isLate(60 * second, 50 * BoundedStream.BYTES_A_SECOND, timeout))
                .isFalse();
        assertThat(BoundedStream.isLate(61 * second, 50 * BoundedStream.BYTES_A_SECOND, timeout))
                .isTrue();
    }

    /** Sends a request as a key, or unauthenticated, and runs an action while it holds its permit. */
    private MockHttpServletResponse send(ApiKey key, String address, String path, Step meanwhile)
            throws IOException, ServletException {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setRemoteAddr(address);
        SecurityContextHolder.getContext()
                .setAuthentication(
                        key == null ? null : UsernamePasswordAuthenticationToken.authenticated(key, null, List.of()));
        MockHttpServletResponse answer = new MockHttpServletResponse();
        FilterChain chain = (_, _) -> meanwhile.run();
        filter.doFilter(request, answer, chain);
        return answer;
    }

    private static AdmissionFilter filter(int permits) {
        LimitsProperties limits =
                new LimitsProperties(1, 1, DataSize.ofMegabytes(1), permits, Duration.ofSeconds(1), List.of());
        return new AdmissionFilter(
                limits, new Callers(new ClientAddresses(limits)), TestProblemWriter.with(JsonMapper.shared()));
    }

    private static ApiKey key() {
        return new ApiKey(
                UUID.randomUUID(), "shop", "web", ApiKey.Mode.LIVE, Set.of(), Scope.ALL, Instant.EPOCH, null, null);
    }

    private static void never() {
        throw new AssertionError("it should not have come this far");
    }

    /** A caller whose counting fails, as after an OutOfMemoryError. */
    private static final class Faulty {

        private boolean fails;

        @Override
        public int hashCode() {
            if (fails) {
                throw new StackOverflowError();
            }
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    private interface Step {
        void run() throws IOException, ServletException;
    }
}

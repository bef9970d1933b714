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
import ums.web.ProblemException;
import ums.web.TestProblemWriter;

/** What is held at the same time has an end, and nobody holds all of it. */
class BoundsTest {

    private static final String API = "/api/messages";

    private AdmissionFilter filter;

    @AfterEach
    void forgetWhoAsked() {
        SecurityContextHolder.clearContext();
    }

    @Test
    void whoFindsNoPlaceIsToldToComeAgainAndPassesWhenOneIsFree() throws Exception {
        filter = filter(2);

        ask(
                null,
                "192.0.2.1",
                API,
                () -> ask(null, "192.0.2.2", API, () -> {
                    MockHttpServletResponse third = ask(null, "192.0.2.3", API, BoundsTest::never);
                    assertThat(third.getStatus()).isEqualTo(503);
                    assertThat(third.getHeader("Retry-After")).isEqualTo("1");
                    assertThat(third.getContentAsString()).contains("\"OVERLOADED\"");
                }));

        assertThat(ask(null, "192.0.2.3", API, () -> {}).getStatus()).isEqualTo(200);
    }

    @Test
    void aKeyHasHalfOfThePlacesWhereverItCallsFrom() throws Exception {
        filter = filter(4);
        ApiKey greedy = key();

        ask(
                greedy,
                "192.0.2.1",
                API,
                () -> ask(greedy, "192.0.2.2", API, () -> {
                    assertThat(ask(greedy, "192.0.2.3", API, BoundsTest::never).getStatus())
                            .isEqualTo(503);
                    ask(
                            key(),
                            "192.0.2.1",
                            API,
                            () -> assertThat(ask(key(), "192.0.2.1", API, () -> {})
                                            .getStatus())
                                    .isEqualTo(200));
                }));
    }

    @Test
    void whatIsNotTheApisTakesNoneOfItsPlaces() throws Exception {
        filter = filter(20);

        ask(
                null,
                "192.0.2.1",
                "/docs",
                () -> ask(null, "192.0.2.2", "/admin/audit", () -> {
                    assertThat(ask(null, "192.0.2.3", "/inbox", BoundsTest::never)
                                    .getStatus())
                            .isEqualTo(503);
                    assertThat(ask(null, "192.0.2.3", API, () -> {}).getStatus())
                            .isEqualTo(200);
                }));
    }

    @Test
    void bodiesTakeNoMoreMemoryThanThereIsAndNobodyMoreThanHalfOfIt() {
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
    void whatAnErrorInterruptsIsNotTakenForGood() {
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
    void aRequestThatEndsInAnErrorGivesItsPlaceBack() throws Exception {
        filter = filter(1);

        assertThatThrownBy(() -> ask(null, "192.0.2.1", API, () -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(ask(null, "192.0.2.2", API, () -> {}).getStatus()).isEqualTo(200);
    }

    @Test
    void whoIsQuickEnoughMayTakeLong() {
        Duration patience = Duration.ofSeconds(10);
        long second = Duration.ofSeconds(1).toNanos();

        assertThat(BoundedStream.isLate(10 * second, 0, patience)).isFalse();
        assertThat(BoundedStream.isLate(11 * second, 1_000, patience)).isTrue();
        assertThat(BoundedStream.isLate(60 * second, 50 * BoundedStream.BYTES_A_SECOND, patience))
                .isFalse();
        assertThat(BoundedStream.isLate(61 * second, 50 * BoundedStream.BYTES_A_SECOND, patience))
                .isTrue();
    }

    /** Asks as this key, or as nobody, and does something while the request has its place. */
    private MockHttpServletResponse ask(ApiKey key, String address, String path, Step meanwhile)
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

    private static AdmissionFilter filter(int places) {
        LimitsProperties limits =
                new LimitsProperties(1, 1, DataSize.ofMegabytes(1), places, Duration.ofSeconds(1), List.of());
        return new AdmissionFilter(
                limits, new Callers(new ClientAddresses(limits)), TestProblemWriter.with(JsonMapper.shared()));
    }

    private static ApiKey key() {
        return new ApiKey(UUID.randomUUID(), "shop", "web", ApiKey.Mode.LIVE, Set.of(), Instant.EPOCH, null, null);
    }

    private static void never() {
        throw new AssertionError("it should not have come this far");
    }

    /** Somebody about whom nothing can be counted any more, as where memory runs out. */
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

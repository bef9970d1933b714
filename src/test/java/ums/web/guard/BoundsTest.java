package ums.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;
import ums.web.ProblemException;
import ums.web.TestProblemWriter;

/** What is held at the same time has an end. */
class BoundsTest {

    private final LimitsProperties two =
            new LimitsProperties(1, 1, DataSize.ofMegabytes(1), 2, Duration.ofSeconds(1), List.of());

    @Test
    void theThirdOfTwoIsToldToComeAgainAndPassesWhenOneIsDone() throws Exception {
        AdmissionFilter filter = new AdmissionFilter(two, TestProblemWriter.with(JsonMapper.shared()));
        MockHttpServletResponse third = new MockHttpServletResponse();
        MockHttpServletResponse second = new MockHttpServletResponse();

        filter.doFilter(
                request(),
                new MockHttpServletResponse(),
                (_, _) -> filter.doFilter(
                        request(), second, (_, _) -> filter.doFilter(request(), third, (_, _) -> never())));

        assertThat(second.getStatus()).isEqualTo(200);
        assertThat(third.getStatus()).isEqualTo(503);
        assertThat(third.getHeader("Retry-After")).isEqualTo("1");
        assertThat(third.getContentAsString()).contains("\"OVERLOADED\"");

        MockHttpServletResponse later = new MockHttpServletResponse();
        filter.doFilter(request(), later, (_, response) -> ((MockHttpServletResponse) response).setStatus(204));
        assertThat(later.getStatus()).isEqualTo(204);
    }

    @Test
    void bodiesTakeNoMoreMemoryThanThereIsForThemAndGiveItBack() {
        BodyMemory memory = new BodyMemory(100);
        BodyMemory.Use one = memory.use();
        one.add(60);
        try (BodyMemory.Use other = memory.use()) {
            other.add(40);
            assertThatThrownBy(() -> other.add(1)).isInstanceOf(ProblemException.class);
        }
        assertThat(memory.used()).isEqualTo(60);
        one.close();
        assertThat(memory.used()).isZero();
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

    private static MockHttpServletRequest request() {
        return new MockHttpServletRequest();
    }

    private static void never() {
        throw new AssertionError("it should not have come this far");
    }
}

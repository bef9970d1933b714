package ums.loan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Every event in every status, over HTTP: the transition is the specified one, or nothing changes. */
class LoanTransitionsTest extends UmsStory {

    /** A second copy of the transitions, against which the code's table is checked. */
    private static final String CONTRACT = """
            | APPLIED | APPROVE → APPROVED, REJECT → REJECTED, WITHDRAW → WITHDRAWN |
            | APPROVED | DISBURSE → ACTIVE, WITHDRAW → WITHDRAWN |
            | ACTIVE | MISS_PAYMENT → DELINQUENT, PAY_OFF → PAID_OFF |
            | DELINQUENT | CURE → ACTIVE, REFER → IN_COLLECTION, PAY_OFF → PAID_OFF |
            | IN_COLLECTION | CURE → ACTIVE, FORGIVE → FORGIVEN, CHARGE_OFF → CHARGED_OFF, PAY_OFF → PAID_OFF |
            | CHARGED_OFF | PAY_OFF → PAID_OFF |
            """;

    private static final Map<String, Map<String, String>> TABLE = new LinkedHashMap<>();

    static {
        for (String line : CONTRACT.lines().toList()) {
            String[] cells = line.split(" *\\| *");
            Map<String, String> row = new LinkedHashMap<>();
            for (String each : cells[2].split(", ")) {
                String[] arrow = each.split(" → ");
                row.put(arrow[0], arrow[1]);
            }
            TABLE.put(cells[1], row);
        }
    }

    @Autowired
    JdbcClient jdbc;

    private String key;

    @BeforeEach
    void createAKey() {
        key = ums.newKey();
    }

    static Stream<Arguments> everyStatusAndEvent() {
        return Stream.of(LoanStatus.values())
                .flatMap(status -> Stream.of(LoanEvent.values()).map(event -> Arguments.of(status, event)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyStatusAndEvent")
    void followsTheSpecificationOrChangesNothing(LoanStatus from, LoanEvent event) {
        UUID loan = loanAt(from);
        Map<String, String> row = TABLE.getOrDefault(from.name(), Map.of());
        String to = row.get(event.name());

        Answer answer = ums.call(
                "POST",
                "/api/loans/" + loan + "/events",
                "Bearer " + key,
                ("{\"event\": \"" + event + "\", \"reason\": \"a walk\"}").getBytes(StandardCharsets.UTF_8));

        String now = ums.get(key, "/api/loans/" + loan).json().get("status").stringValue();
        if (to != null) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().get("status").stringValue()).isEqualTo(to);
            assertThat(now).isEqualTo(to);
            assertThat(rows(loan)).containsExactly(1, 1);
        } else {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("TRANSITION_NOT_ALLOWED");
            List<String> allowed = new ArrayList<>();
            answer.json().get("allowed").forEach(it -> allowed.add(it.stringValue()));
            assertThat(allowed).containsExactlyElementsOf(row.keySet());
            assertThat(now).isEqualTo(from.name());
            assertThat(rows(loan)).containsExactly(0, 0);
        }
    }

    private UUID loanAt(LoanStatus status) {
        UUID loan = ums.call("POST", "/api/loans", "Bearer " + key, """
                        {"contractNo": "C-1", "customerId": "7", "customerEmail": "kim@example.com", "customerName": "Kim",
                         "principal": 1000000}
                        """.getBytes(StandardCharsets.UTF_8))
                .id();
        jdbc.sql("update loan set status = :status where id = :id")
                .param("status", status.name())
                .param("id", loan)
                .update();
        return loan;
    }

    /** The numbers of rows in the history and in the ledger. */
    private List<Integer> rows(UUID loan) {
        return List.of(
                jdbc.sql("select count(*) from loan_history where loan_id = :id")
                        .param("id", loan)
                        .query(Integer.class)
                        .single(),
                jdbc.sql("select count(*) from message where reference = :reference")
                        .param("reference", "loan:" + loan)
                        .query(Integer.class)
                        .single());
    }
}

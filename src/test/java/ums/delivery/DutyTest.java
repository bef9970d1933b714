package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class DutyTest {

    @ParameterizedTest
    @CsvSource({
        "all, '', SEND MAINTENANCE CLAIM_DIRECTLY",
        "api, '', ''",
        "worker, '', SEND MAINTENANCE CLAIM_DIRECTLY",
        "all, kafka:9092, SEND RELAY MAINTENANCE",
        "api, kafka:9092, ''",
        "Worker, kafka:9092, SEND MAINTENANCE",
        "relay, kafka:9092, RELAY MAINTENANCE"
    })
    void eachRoleHasItsDuties(String role, String kafka, String duties) {
        MockEnvironment environment =
                new MockEnvironment().withProperty("ums.role", role).withProperty(Duty.KAFKA, kafka);

        assertThat(Duty.of(environment))
                .extracting(Duty::name)
                .containsExactly(duties.isEmpty() ? new String[0] : duties.split(" "));
    }

    @Test
    void aRelayWithoutKafkaDoesNotStart() {
        assertThatThrownBy(() -> new DispatchConfiguration(Role.RELAY, " "))
                .hasMessage("ums.role relay needs ums.kafka.bootstrap-servers");
    }
}

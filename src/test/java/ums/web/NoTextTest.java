package ums.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Values with NUL, and bodies with too many faults to report. */
class NoTextTest extends UmsStory {

    @Test
    void keysAndParametersWithNulAreRefused() {
        String key = ums.newKey();
        Answer batch = post(key, "/api/messages/batch", """
                {"messages": [
                    {"to": ["a@example.com"], "subject": "s", "text": "t", "idempotencyKey": "a\\u0000b"},
                    {"to": ["a@example.com"], "subject": "s", "text": "t"}]}
                """);

        assertThat(batch.status()).isEqualTo(202);
        JsonNode results = batch.json().get("results");
        assertThat(results.get(0).get("error").get("code").stringValue()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
        assertThat(results.get(1).get("status").stringValue()).isEqualTo("ACCEPTED");

        Answer list = ums.get(key, "/api/messages?reference=%00");
        assertThat(list.status()).isEqualTo(400);
        assertThat(list.code()).isEqualTo("INVALID_PARAMETER");
    }

    @Test
    void atMostAHundredFaultsAreReported() {
        Answer answer = post(ums.newKey(), "/api/messages", "{\"to\": [" + "1,".repeat(300_000) + "1]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").size()).isEqualTo(100);
    }

    private Answer post(String key, String path, String body) {
        return ums.call("POST", path, "Bearer " + key, body.getBytes(StandardCharsets.UTF_8));
    }
}

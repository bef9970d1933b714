package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.channel.Recipient;
import ums.message.RecipientState.Status;

/** Rows are read as they were written, with null for what is not there, whichever way that is stored. */
class StoredJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant AT = Instant.parse("2026-11-24T10:00:00.120Z");
    private static final List<RecipientState> RECIPIENTS = List.of(
            new RecipientState("a@example.com", Recipient.Kind.TO, Status.SENT, "250", "ok", AT),
            new RecipientState("b@example.com", Recipient.Kind.BCC, Status.PENDING, null, null, null));

    @Test
    void writtenValuesAreRead() {
        assertThat(StoredJson.recipients(StoredJson.recipients(RECIPIENTS))).isEqualTo(RECIPIENTS);
    }

    @Test
    void rowsOfEarlierVersionsHaveEveryMemberAndNullForWhatIsNotThere() {
        assertThat(StoredJson.recipients(JSON.writeValueAsString(RECIPIENTS))).isEqualTo(RECIPIENTS);
    }

    @Test
    void anEventIsReadAsTheTimelineReadsIt() {
        TimelineEvent failed =
                TimelineEvent.failed("failed", AT, 2, new Failure(ErrorType.REJECTED, "550", "RCPT", "550 no"));
        TimelineEvent sent = TimelineEvent.replied("sent", AT, 2, "250", "ok");
        TimelineEvent canceled = TimelineEvent.of("canceled", AT, null);

        assertThat(JSON.readValue(StoredJson.event(failed), TimelineEvent.class))
                .isEqualTo(failed);
        assertThat(JSON.readValue(StoredJson.event(sent), TimelineEvent.class)).isEqualTo(sent);
        assertThat(JSON.readValue(StoredJson.event(canceled), TimelineEvent.class))
                .isEqualTo(canceled);
    }
}

package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import ums.message.MessageEvents.AttemptSettled;

class MessageEventsTest {

    /** Spring logs the event as text where a listener throws an Error. */
    @Test
    void aSettledAttemptAsTextHasNeitherContentNorAddresses() {
        UUID id = UUID.randomUUID();
        AttemptSettled settled = Settled.one(id, MessageStatus.SENT, 1, null, null);

        String subject = settled.message().content().preview().title();
        assertThat(subject).isNotBlank();
        assertThat(settled.toString())
                .contains(id.toString())
                .doesNotContain(subject)
                .doesNotContain("@example.com");
    }
}

package ums.message;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.message.MessageStatus.ACCEPTED;
import static ums.message.MessageStatus.CANCELED;
import static ums.message.MessageStatus.EXPIRED;
import static ums.message.MessageStatus.FAILED;
import static ums.message.MessageStatus.MANUAL_REVIEW;
import static ums.message.MessageStatus.PROCESSING;
import static ums.message.MessageStatus.RETRY;
import static ums.message.MessageStatus.SENT;

import org.junit.jupiter.api.Test;

class MessageStatusTest {

    @Test
    void previousIsTheInverseOfNext() {
        assertThat(PROCESSING.previous()).containsExactlyInAnyOrder(ACCEPTED, RETRY);
        assertThat(SENT.previous()).containsExactlyInAnyOrder(ACCEPTED, PROCESSING, RETRY, MANUAL_REVIEW);
        assertThat(RETRY.previous()).containsExactly(PROCESSING);
        assertThat(ACCEPTED.previous()).containsExactlyInAnyOrder(FAILED, MANUAL_REVIEW, SENT);
    }

    @Test
    void nothingFollowsCanceledAndExpired() {
        assertThat(CANCELED.next()).isEmpty();
        assertThat(EXPIRED.next()).isEmpty();
    }

    @Test
    void everyStatusHasEndedButThoseWithAnOpenEntry() {
        assertThat(MessageStatus.values()).filteredOn(it -> !it.ended()).containsExactly(ACCEPTED, PROCESSING, RETRY);
    }
}

package ums.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import ums.QueueStory;

class RetentionTest extends QueueStory {

    @Autowired
    Retention retention;

    @Test
    void whatIsDoneLongAgoGoesAndWhatIsOpenStays() {
        UUID done = ended(accept());
        UUID open = accept();
        clock.advance(Duration.ofDays(91));
        UUID justDone = ended(accept());

        retention.run();

        assertThat(messages.find(CLIENT, done)).isEmpty();
        assertThat(messages.find(CLIENT, open)).isPresent();
        assertThat(messages.find(CLIENT, justDone)).isPresent();
        assertThat(jdbc.sql("select count(*) from message_content")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(outboxRows("published")).isEqualTo(1);
        assertThat(outboxRows("not published")).isEqualTo(1);
    }

    @Test
    void publishedOrdersGoLongBeforeTheirMessages() {
        UUID done = ended(accept());
        clock.advance(Duration.ofDays(8));

        retention.run();

        assertThat(outboxRows("true")).isZero();
        assertThat(messages.find(CLIENT, done)).isPresent();
    }

    @Test
    void aLongTailIsRemovedInManySteps() {
        IntStream.range(0, 1_200).forEach(_ -> accept());
        jdbc.sql("update message set status = 'SENT'").update();
        jdbc.sql("update outbox set published = true, published_at = created_at")
                .update();
        UUID open = accept();
        clock.advance(Duration.ofDays(100));

        retention.run();

        assertThat(jdbc.sql("select id from message").query(UUID.class).list()).containsExactly(open);
        assertThat(outboxRows("true")).isEqualTo(1);
    }

    private UUID ended(UUID id) {
        jdbc.sql("update message set status = 'SENT', updated_at = created_at where id = :id")
                .param("id", id)
                .update();
        jdbc.sql("update outbox set published = true, published_at = created_at where aggregate_id = :id")
                .param("id", id)
                .update();
        return id;
    }
}

package ums.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;

/** Messages are accepted however many slow lists are requested. */
class ListsTest extends UmsStory {

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    @Test
    void sixtySlowListsDelayNoMessage() {
        String lister = ums.newKey();
        String sender = ums.newKey();
        List<Future<Answer>> lists;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            lists = new TransactionTemplate(transactions).execute(_ -> {
                // Locks the table that the lists read.
                jdbc.sql("lock table send_failure in access exclusive mode").update();
                List<Future<Answer>> asked = IntStream.range(0, 60)
                        .mapToObj(_ -> callers.submit(() -> ums.get(lister, "/api/messages?status=FAILED")))
                        .toList();
                for (int i = 0; i < 20; i++) {
                    assertThat(ums.send(sender, Messages.to("kim@example.com")).status())
                            .isEqualTo(202);
                }
                assertThat(ums.get(sender, "/api/messages").status()).isEqualTo(200);
                for (Future<Answer> each : asked) {
                    assertThat(joined(each).status()).isEqualTo(503);
                }
                return asked;
            });
        }

        assertThat(lists).map(ListsTest::joined).allSatisfy(it -> {
            assertThat(it.header("Retry-After")).isNotEmpty();
            assertThat(it.code()).isIn("OVERLOADED", "DATABASE_UNAVAILABLE");
        });
        assertThat(lists).map(ListsTest::joined).map(Answer::code).contains("OVERLOADED", "DATABASE_UNAVAILABLE");
        assertThat(ums.get(lister, "/api/messages?status=FAILED").status()).isEqualTo(200);
    }

    private static Answer joined(Future<Answer> answer) {
        try {
            return answer.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

package ums.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

class ReadsTest {

    private final List<TransactionDefinition> begun = new ArrayList<>();
    private final Reads reads = new Reads(new Transactions(), 4);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch answered = new CountDownLatch(1);

    @AfterEach
    void endAllReads() {
        answered.countDown();
        callers.close();
    }

    @Test
    void oneCallersReadsLeaveConnectionsToTheOthers() throws Exception {
        occupy("a");
        occupy("a");

        assertThat(reads.readIfIdle("a", () -> 1)).isEmpty();
        assertThatThrownBy(() -> reads.read("a", () -> 1)).isInstanceOf(ReadsBusyException.class);
        assertThat(reads.read("b", () -> 1)).isEqualTo(1);
    }

    @Test
    void onTwoProcessorsACallerReadsOneAtATime() throws Exception {
        Reads ofASmallMachine = new Reads(new Transactions(), 2);

        occupy(ofASmallMachine, "a");

        assertThat(ofASmallMachine.readIfIdle("a", () -> 1)).isEmpty();
        assertThat(ofASmallMachine.readIfIdle("b", () -> 1)).contains(1);
    }

    @Test
    void allCallersTogetherLeaveThePoolToTheOthers() throws Exception {
        for (String caller : List.of("a", "a", "b", "b")) {
            occupy(caller);
        }

        assertThat(reads.readIfIdle("c", () -> 1)).isEmpty();
    }

    @Test
    void aWaitingReadIsNext() throws Exception {
        occupy("a");
        occupy("a");
        Future<Integer> waits = callers.submit(() -> reads.read("a", () -> 1));

        answered.countDown();

        assertThat(waits.get()).isEqualTo(1);
        assertThat(reads.readIfIdle("a", () -> 1)).contains(1);
    }

    @Test
    void eachReadHasADeadlineAndChangesNothing() {
        reads.read("a", () -> 1);

        assertThat(begun).singleElement().satisfies(it -> {
            assertThat(it.getTimeout()).isEqualTo(5);
            assertThat(it.isReadOnly()).isTrue();
        });
    }

    /** Begins a read that goes on until the test ends. */
    private void occupy(String caller) throws InterruptedException {
        occupy(reads, caller);
    }

    private void occupy(Reads reads, String caller) throws InterruptedException {
        CountDownLatch hasBegun = new CountDownLatch(1);
        callers.submit(() -> reads.read(caller, () -> {
            hasBegun.countDown();
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 1;
        }));
        hasBegun.await();
    }

    private final class Transactions implements PlatformTransactionManager {

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            synchronized (begun) {
                begun.add(definition);
            }
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {}

        @Override
        public void rollback(TransactionStatus status) {}
    }
}

package ums.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {

    private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore permits = new Semaphore(0);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void releaseAll() {
        permits.release(1_000_000);
        callers.close();
    }

    @Test
    void aLoneCallerIsServedAtOnceOnItsOwnThread() {
        Batcher<Integer, Thread> batcher = new Batcher<>(
                1, 10, items -> items.stream().map(_ -> Thread.currentThread()).toList());

        assertThat(batcher.submit(1)).isEqualTo(Thread.currentThread());
    }

    @Test
    void callersThatComeDuringABatchShareTheNextAndEachGetsItsOwnResult() throws Exception {
        Batcher<Integer, Integer> batcher = new Batcher<>(1, 10, this::squares);
        Future<Integer> first = callers.submit(() -> batcher.submit(1));
        await().until(() -> batches.size() == 1);
        List<Future<Integer>> others = new ArrayList<>();
        for (int i = 2; i <= 6; i++) {
            int item = i;
            others.add(callers.submit(() -> batcher.submit(item)));
        }
        await().until(() -> permits.getQueueLength() == 1 && waiting(others));

        permits.release(2);

        assertThat(first.get()).isEqualTo(1);
        assertThat(others).extracting(Future::get).containsExactly(4, 9, 16, 25, 36);
        assertThat(batches).hasSize(2);
        assertThat(batches.getLast()).containsExactlyInAnyOrder(2, 3, 4, 5, 6);
    }

    @Test
    void noBatchIsLargerAndNoMoreRunAtOnceThanAllowed() throws Exception {
        Batcher<Integer, Integer> batcher = new Batcher<>(2, 3, this::squares);
        List<Future<Integer>> all = IntStream.range(0, 20)
                .mapToObj(item -> callers.submit(() -> batcher.submit(item)))
                .toList();
        await().until(() -> permits.getQueueLength() == 2 && batches.size() == 2);

        permits.release(100);

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get()).isEqualTo(i * i);
        }
        assertThat(batches).allMatch(it -> it.size() <= 3);
    }

    @Test
    void aFaultIsThrownToTheCallersOfItsBatchOnly() throws Exception {
        Semaphore together = new Semaphore(0);
        Batcher<Integer, Integer> batcher = new Batcher<>(1, 2, items -> {
            if (items.contains(0)) {
                together.acquireUninterruptibly();
            }
            if (items.contains(13)) {
                throw new IllegalStateException("13");
            }
            return items;
        });
        Future<Integer> first = callers.submit(() -> batcher.submit(0));
        Future<Integer> bad = callers.submit(() -> batcher.submit(13));
        together.release();

        assertThat(first.get()).isZero();
        assertThatThrownBy(bad::get).hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(batcher.submit(1)).isEqualTo(1);
    }

    @Test
    void aBatchWeighsNoMoreThanAllowedAndAHeavierItemHasABatchOfItsOwn() throws Exception {
        Batcher<Integer, Integer> batcher = new Batcher<>(1, 10, item -> item, 10, this::squares);
        Future<Integer> first = callers.submit(() -> batcher.submit(1));
        await().until(() -> permits.getQueueLength() == 1);
        List<Future<Integer>> others = new ArrayList<>();
        for (int item : new int[] {4, 6, 30, 5, 5}) {
            others.add(callers.submit(() -> batcher.submit(item)));
            int waiting = others.size();
            await().until(() -> batcher.waiting() == waiting);
        }

        permits.release(100);

        assertThat(first.get()).isEqualTo(1);
        assertThat(others).extracting(Future::get).containsExactly(16, 36, 900, 25, 25);
        assertThat(batches).containsExactly(List.of(1), List.of(4, 6), List.of(30), List.of(5, 5));
    }

    @Test
    void anErrorEndsItsBatchAndNoOther() {
        Batcher<Integer, Integer> batcher = new Batcher<>(1, 10, items -> {
            if (items.contains(13)) {
                throw new OutOfMemoryError("13");
            }
            return items;
        });

        assertThatThrownBy(() -> batcher.submit(13)).isInstanceOf(OutOfMemoryError.class);
        assertThat(batcher.submit(1)).isEqualTo(1);
    }

    @Test
    void eachOfManyCallersGetsOneResult() throws Exception {
        Batcher<Integer, Integer> batcher =
                new Batcher<>(2, 7, items -> items.stream().map(it -> it + 1).toList());

        List<Future<Integer>> all = IntStream.range(0, 20_000)
                .mapToObj(item -> callers.submit(() -> batcher.submit(item)))
                .toList();

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get()).isEqualTo(i + 1);
        }
    }

    private List<Integer> squares(List<Integer> items) {
        batches.add(items);
        permits.acquireUninterruptibly();
        return items.stream().map(it -> it * it).toList();
    }

    /** Whether none has its result. */
    private static boolean waiting(List<Future<Integer>> callers) {
        return callers.stream().noneMatch(Future::isDone);
    }
}

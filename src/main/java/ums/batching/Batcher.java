package ums.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that wait at the same moment share one piece of work, for instance one statement and one commit. A caller that
 * finds no batch running leads one at once, on its own thread; callers that come meanwhile share the next. So no caller waits
 * for a timer, and batches grow only as far as the work is slow.
 *
 * @param <T> the item of a caller
 * @param <R> its result
 */
public final class Batcher<T, R> {

    private final int parallel;
    private final int largest;
    private final ToLongFunction<T> weight;
    private final long heaviest;
    private final Function<List<T>, List<R>> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Caller<T, R>> waiting = new ArrayDeque<>();
    private int running;

    /**
     * @param parallel how many batches run at once, at most
     * @param largest how many callers share one, at most
     * @param work does a batch, and returns a result for each of its items, in their sequence; what it throws is thrown to all
     *     callers of the batch
     */
    public Batcher(int parallel, int largest, Function<List<T>, List<R>> work) {
        this(parallel, largest, _ -> 0, Long.MAX_VALUE, work);
    }

    /**
     * @param weight the weight of an item: the memory that it takes, for instance
     * @param heaviest the greatest weight of a batch; a heavier item has a batch of its own
     */
    public Batcher(
            int parallel, int largest, ToLongFunction<T> weight, long heaviest, Function<List<T>, List<R>> work) {
        this.parallel = parallel;
        this.largest = largest;
        this.weight = weight;
        this.heaviest = heaviest;
        this.work = work;
    }

    /** Returns when the work for an item is done, together with others. An interrupt does not end the wait. */
    public R submit(T item) {
        Caller<T, R> caller = new Caller<>(item, weight.applyAsLong(item));
        if (!begins(caller)) {
            caller.await();
        }
        if (caller.state == State.LEADS) {
            lead(caller);
        }
        return caller.answer();
    }

    /** How many callers wait for their batch to begin. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean begins(Caller<T, R> caller) {
        lock.lock();
        try {
            if (running < parallel) {
                running++;
                caller.state = State.LEADS;
                return true;
            }
            waiting.addLast(caller);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void lead(Caller<T, R> leader) {
        List<Caller<T, R>> batch = List.of(leader);
        try {
            batch = gather(leader);
            List<R> results = work.apply(batch.stream().map(it -> it.item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).result = results.get(i);
            }
        } catch (RuntimeException | Error e) {
            for (Caller<T, R> each : batch) {
                each.fault = e;
            }
        } finally {
            startNext();
            batch.forEach(Caller::done);
        }
    }

    private List<Caller<T, R>> gather(Caller<T, R> leader) {
        lock.lock();
        try {
            // Allocated at its full size: no caller leaves the wait queue before there is capacity for it.
            List<Caller<T, R>> batch = new ArrayList<>(Math.min(largest, waiting.size() + 1));
            batch.add(leader);
            long left = heaviest - leader.weight;
            while (batch.size() < largest && !waiting.isEmpty() && waiting.getFirst().weight <= left) {
                left -= waiting.getFirst().weight;
                batch.add(waiting.removeFirst());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The next caller in the wait queue leads the next batch: no caller works longer for others than for itself. */
    private void startNext() {
        Caller<T, R> next;
        lock.lock();
        try {
            next = waiting.pollFirst();
            if (next == null) {
                running--;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.become(State.LEADS);
        }
    }

    private enum State {
        WAITS,
        LEADS,
        DONE
    }

    private static final class Caller<T, R> {

        private final T item;
        private final long weight;
        private final Thread thread = Thread.currentThread();
        private volatile State state = State.WAITS;
        private @Nullable R result;
        private @Nullable Throwable fault;

        private Caller(T item, long weight) {
            this.item = item;
            this.weight = weight;
        }

        private void await() {
            boolean interrupted = false;
            while (state == State.WAITS) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                thread.interrupt();
            }
        }

        private void become(State next) {
            state = next;
            LockSupport.unpark(thread);
        }

        private void done() {
            if (thread == Thread.currentThread()) {
                state = State.DONE;
            } else {
                become(State.DONE);
            }
        }

        private R answer() {
            Throwable thrown = fault;
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            R answer = result;
            if (answer == null) {
                throw new IllegalStateException("the work returned no result");
            }
            return answer;
        }
    }
}

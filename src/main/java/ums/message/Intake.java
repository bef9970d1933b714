package ums.message;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import ums.batching.Batcher;
import ums.message.Acceptor.Checked;
import ums.message.MessageInserter.Row;

/** Accepts messages; those that come at the same moment, outside a transaction, share a statement and its commit. */
@Component
class Intake {

    /** In messages: enough to share a commit, few enough to hold their locks shortly. */
    private static final int LARGEST_STATEMENT = 500;
    /** In characters of content: a statement is held in memory several times over while it is written. */
    private static final long LONGEST_STATEMENT = 4_000_000;
    /** While one waits for the disk, the next is executed. */
    private static final int STATEMENTS_AT_ONCE = 2;

    private final Acceptor acceptor;
    private final @Nullable DirectClaims directly;
    private final Batcher<Row, Acceptance> batches =
            new Batcher<>(STATEMENTS_AT_ONCE, LARGEST_STATEMENT, Row::contentLength, LONGEST_STATEMENT, this::store);

    Intake(Acceptor acceptor, ObjectProvider<DirectClaims> directly) {
        this.acceptor = acceptor;
        this.directly = directly.getIfAvailable();
    }

    /** Accepts one, in the caller's transaction if there is one: only without one can a commit be shared. */
    Acceptance accept(NewMessage message) {
        Checked checked = acceptor.check(message);
        Acceptance answer = checked.answer();
        if (answer != null) {
            return answer;
        }
        Row row = requireNonNull(checked.row());
        return TransactionSynchronizationManager.isActualTransactionActive()
                ? acceptor.store(List.of(row)).getFirst()
                : batches.submit(row);
    }

    /** Accepts several, in a few transactions; answers in their sequence. */
    List<Acceptance> acceptAll(List<NewMessage> messages) {
        List<Checked> checked = messages.stream().map(acceptor::check).toList();
        List<Row> valid = checked.stream()
                .map(Checked::row)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        List<Acceptance> stored = new ArrayList<>(valid.size());
        for (int from = 0; from < valid.size(); ) {
            int to = endOfStatement(valid, from);
            stored.addAll(store(valid.subList(from, to)));
            from = to;
        }
        Iterator<Acceptance> answers = stored.iterator();
        return checked.stream()
                .map(it -> it.answer() == null ? answers.next() : it.answer())
                .toList();
    }

    private static int endOfStatement(List<Row> rows, int from) {
        int to = from + 1;
        long length = rows.get(from).contentLength();
        while (to < rows.size() && to - from < LARGEST_STATEMENT) {
            length += rows.get(to).contentLength();
            if (length > LONGEST_STATEMENT) {
                break;
            }
            to++;
        }
        return to;
    }

    /** Writes and commits. A row that the database refuses is found by halving, and the others are accepted. */
    private List<Acceptance> store(List<Row> rows) {
        try {
            return directly == null ? acceptor.store(rows) : acceptor.storeAndSend(rows, directly);
        } catch (DataIntegrityViolationException | PessimisticLockingFailureException e) {
            // Certainly rolled back. After any other fault the statement may be committed, and a second one would make
            // two messages of a request without a key.
            if (rows.size() == 1) {
                return List.of(new Refused(e));
            }
            List<Acceptance> halves = new ArrayList<>(store(rows.subList(0, rows.size() / 2)));
            halves.addAll(store(rows.subList(rows.size() / 2, rows.size())));
            return halves;
        }
    }
}

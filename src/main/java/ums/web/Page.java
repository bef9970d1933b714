package ums.web;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A page of a list.
 *
 * @param data its rows; a page of messages may have fewer rows than the limit, or none, although more pages follow
 * @param nextCursor the cursor of the next page, or null if this is the last
 */
public record Page<T>(List<T> data, @Nullable String nextCursor) {

    private static final int MAX = 1_000;

    /** How many rows to query: one more than the limit, which shows whether there is a next page. */
    public static int lookAhead(int limit) {
        return checked(limit) + 1;
    }

    /**
     * Checks a limit.
     *
     * @throws ProblemException 400 unless it is from 1 to 1,000
     */
    public static int checked(int limit) {
        if (limit < 1 || limit > MAX) {
            throw new ProblemException(Problem.of(
                    HttpStatus.BAD_REQUEST, "INVALID_PARAMETER", "\"limit\" must be from 1 to " + MAX + "."));
        }
        return limit;
    }

    /**
     * A page of a search's results.
     *
     * @param next the id after which to continue, or null if the search is complete
     */
    public static <R, T> Page<T> of(List<R> rows, @Nullable UUID next, Function<R, T> view) {
        return new Page<>(rows.stream().map(view).toList(), next == null ? null : Cursor.after(next));
    }

    /** Drops the extra row of {@link #lookAhead}. */
    public static <R, T> Page<T> of(List<R> rows, int limit, Function<R, UUID> id, Function<R, T> view) {
        boolean more = rows.size() > limit;
        List<R> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(shown.stream().map(view).toList(), more ? Cursor.after(id.apply(shown.getLast())) : null);
    }
}

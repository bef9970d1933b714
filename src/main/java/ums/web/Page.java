package ums.web;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A page of a list.
 *
 * @param data its rows; of messages there may be fewer than were asked for, even none, though this is not the last page
 * @param nextCursor what asks for the next page, or null where this is the last
 */
public record Page<T>(List<T> data, @Nullable String nextCursor) {

    private static final int MAX = 1_000;

    /** How many rows to ask the database for: one more than the caller wants tells whether there is a next page. */
    public static int lookAhead(int limit) {
        return checked(limit) + 1;
    }

    /**
     * How many rows a caller wants.
     *
     * @throws ProblemException where that is none, or too many
     */
    public static int checked(int limit) {
        if (limit < 1 || limit > MAX) {
            throw new ProblemException(Problem.of(
                    HttpStatus.BAD_REQUEST, "INVALID_PARAMETER", "\"limit\" must be from 1 to " + MAX + "."));
        }
        return limit;
    }

    /**
     * Rows that were found by a search.
     *
     * @param next from where to look on, or null where everything was looked at
     */
    public static <R, T> Page<T> of(List<R> rows, @Nullable UUID next, Function<R, T> view) {
        return new Page<>(rows.stream().map(view).toList(), next == null ? null : Cursor.after(next));
    }

    /** Cuts the row that was only looked ahead at. */
    public static <R, T> Page<T> of(List<R> rows, int limit, Function<R, UUID> id, Function<R, T> view) {
        boolean more = rows.size() > limit;
        List<R> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(shown.stream().map(view).toList(), more ? Cursor.after(id.apply(shown.getLast())) : null);
    }
}

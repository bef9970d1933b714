package ums.web;

import java.util.List;
import java.util.function.Function;

/**
 * A list that is returned without paging.
 *
 * @param data its rows
 */
public record Listing<T>(List<T> data) {

    public static <E, T> Listing<T> of(List<E> rows, Function<E, T> view) {
        return new Listing<>(rows.stream().map(view).toList());
    }
}

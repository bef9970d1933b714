package ums.failure;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;

/**
 * The criteria of a list of failures, newest first.
 *
 * @param handled only handled ones, or only open ones; null for both
 * @param type only of this type, or null
 * @param before only those older than this one, or null for the newest
 * @param limit how many at most, at least 1
 */
public record FailureFilter(
        @Nullable Boolean handled,
        @Nullable ErrorType type,
        @Nullable UUID before,
        int limit) {}

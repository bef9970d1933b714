package ums.failure;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;

/**
 * Which failures to list, newest first.
 *
 * @param handled only those that are, or are not; null for all
 * @param type only those, or null
 * @param before only those older than this one, or null for the newest
 * @param limit how many at most, at least 1
 */
public record FailureFilter(
        @Nullable Boolean handled,
        @Nullable ErrorType type,
        @Nullable UUID before,
        int limit) {}

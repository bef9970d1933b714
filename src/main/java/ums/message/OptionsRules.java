package ums.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ums.channel.Violation;

/** Validates the options of a message. */
final class OptionsRules {

    private static final int MAX_REFERENCE = 255;
    private static final int MAX_TAGS = 50;
    private static final int MAX_TAG_NAME = 64;
    private static final int MAX_TAG_VALUE = 255;

    private OptionsRules() {}

    /** Every violation, each with its pointer. */
    static List<Violation> check(Options options, Instant now) {
        List<Violation> violations = new ArrayList<>();
        Instant expiresAt = options.expiresAt();
        Instant scheduledAt = options.scheduledAt();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            violations.add(new Violation("/expiresAt", "is in the past"));
        } else if (expiresAt != null && scheduledAt != null && !expiresAt.isAfter(scheduledAt)) {
            violations.add(new Violation("/expiresAt", "must be after scheduledAt"));
        }
        String reference = options.reference();
        if (reference != null && !printable(reference, MAX_REFERENCE)) {
            violations.add(new Violation(
                    "/reference", "must be 1 to " + MAX_REFERENCE + " characters without control characters"));
        }
        if (options.tags().size() > MAX_TAGS) {
            violations.add(new Violation("/tags", "must be at most " + MAX_TAGS));
        } else {
            options.tags().entrySet().stream()
                    .filter(it -> !printable(it.getKey(), MAX_TAG_NAME) || !fits(it))
                    .map(it -> new Violation(
                            "/tags/" + it.getKey().replace("~", "~0").replace("/", "~1"),
                            "must have a name of 1 to " + MAX_TAG_NAME + " and a value of at most " + MAX_TAG_VALUE
                                    + " characters without control characters"))
                    .forEach(violations::add);
        }
        return violations;
    }

    private static boolean fits(Map.Entry<String, String> tag) {
        return tag.getValue().isEmpty() || printable(tag.getValue(), MAX_TAG_VALUE);
    }

    private static boolean printable(String text, int max) {
        return !text.isEmpty()
                && text.length() <= max
                && text.codePoints()
                        .noneMatch(it -> Character.isISOControl(it) || Character.getType(it) == Character.SURROGATE);
    }
}

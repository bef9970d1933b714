package ums.channel;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of a JSON object one by one and collects their faults, so that a caller learns of all of them at
 * once. A null member counts as absent.
 */
public final class Fields {

    private static final int MAX_VIOLATIONS = 100;

    private final JsonNode object;
    private final List<Violation> violations;

    /** @param violations the list to which faults are added */
    public Fields(JsonNode object, List<Violation> violations) {
        this.object = object;
        this.violations = violations;
    }

    /** Refuses members with other names, so that a typo is reported and not ignored. */
    public void allowOnly(Predicate<String> known) {
        object.propertyNames().stream()
                .filter(known.negate())
                .limit(MAX_VIOLATIONS)
                .forEach(it -> violate(pointer(it), "is not a known field"));
    }

    /** A string, or null. */
    public @Nullable String text(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            violate(pointer(name), "must be a string");
            return null;
        }
        return value.stringValue();
    }

    /** An array of strings; empty if it is absent. */
    public List<String> texts(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            violate(pointer(name), "must be an array of strings");
            return List.of();
        }
        List<String> texts = new ArrayList<>(value.size());
        for (int i = 0; i < value.size() && violations.size() < MAX_VIOLATIONS; i++) {
            if (value.get(i).isString()) {
                texts.add(value.get(i).stringValue());
            } else {
                violate(pointer(name) + "/" + i, "must be a string");
            }
        }
        return texts;
    }

    /** An object of strings, in the order of its members; empty if it is absent. */
    public Map<String, String> map(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject()) {
            violate(pointer(name), "must be an object of strings");
            return Map.of();
        }
        Map<String, String> map = LinkedHashMap.newLinkedHashMap(value.size());
        value.forEachEntry((key, it) -> {
            if (it.isString()) {
                map.put(key, it.stringValue());
            } else {
                violate(pointer(name) + pointer(key), "must be a string");
            }
        });
        return map;
    }

    /** One of an enum's constants, or null. */
    public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        violate(pointer(name), "must be one of " + names(type));
        return null;
    }

    /** An instant in RFC 3339 with an offset and any fraction of a second, from 1970 to 9999; null if it is absent. */
    public @Nullable Instant instant(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            OffsetDateTime instant = OffsetDateTime.parse(text);
            int year = instant.withOffsetSameInstant(ZoneOffset.UTC).getYear();
            if (year >= 1970 && year <= 9999) {
                return instant.toInstant();
            }
        } catch (DateTimeException _) {
            // Reported below, without the parser's message.
        }
        violate(pointer(name), "must be an instant with an offset, such as 2026-12-01T09:00:00+09:00");
        return null;
    }

    /** An integer from {@code least} to {@code most}, or null. */
    public @Nullable Integer integer(String name, int least, int most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (value.isInt() && value.intValue() >= least && value.intValue() <= most) {
            return value.intValue();
        }
        violate(pointer(name), "must be a whole number from " + least + " to " + most);
        return null;
    }

    private @Nullable JsonNode value(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Bounded to {@link #MAX_VIOLATIONS}, so that an answer is not longer than its request. */
    private void violate(String pointer, String detail) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(new Violation(pointer, detail));
        }
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(constant.name());
        }
        return String.join(", ", names);
    }
}

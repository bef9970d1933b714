package ums.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import ums.channel.Violation;

/**
 * Reads the members of a JSON object one by one and collects what is wrong with them, so that a caller learns of every
 * fault at once. A member that is null counts as left out.
 */
public final class Fields {

    private static final int MOST_VIOLATIONS = 100;

    private final JsonNode object;
    private final List<Violation> violations;

    /** @param violations where to add what is wrong */
    public Fields(JsonNode object, List<Violation> violations) {
        this.object = object;
        this.violations = violations;
    }

    /** Refuses every member that is not one of those, so that a typo is never silently lost. */
    public void allowOnly(Set<String> names) {
        object.propertyNames().stream()
                .filter(it -> !names.contains(it))
                .limit(MOST_VIOLATIONS)
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

    /** An array of strings; empty where it is left out. */
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
        for (int i = 0; i < value.size() && violations.size() < MOST_VIOLATIONS; i++) {
            if (value.get(i).isString()) {
                texts.add(value.get(i).stringValue());
            } else {
                violate(pointer(name) + "/" + i, "must be a string");
            }
        }
        return texts;
    }

    /** An object of strings, in its order; empty where it is left out. */
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

    /** RFC 3339 with an offset; any fraction of a second. */
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
            // Told below, in words of ours.
        }
        violate(pointer(name), "must be an instant with an offset, such as 2026-12-01T09:00:00+09:00");
        return null;
    }

    /** A whole number within bounds, or null. */
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

    /** Who made a hundred mistakes need not be told of more, and an answer is not to be longer than its request. */
    private void violate(String pointer, String detail) {
        if (violations.size() < MOST_VIOLATIONS) {
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

package ums.web.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import ums.channel.InvalidContentException;
import ums.channel.Violation;
import ums.web.ProblemException;

/**
 * Converts a form to the JSON that an API caller would send, so that the same rules validate both. Empty fields are
 * omitted.
 */
final class FormBody {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, Object> members = new LinkedHashMap<>();

    FormBody text(String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            members.put(name, value.strip());
        }
        return this;
    }

    /** Items separated by line breaks or commas. */
    FormBody list(String name, @Nullable String value) {
        List<String> items = value == null
                ? List.of()
                : Stream.of(value.split("[\\n,]"))
                        .map(String::strip)
                        .filter(it -> !it.isEmpty())
                        .toList();
        if (!items.isEmpty()) {
            members.put(name, items);
        }
        return this;
    }

    /** The ticked boxes of a list. Unlike an empty field, no box is an empty list. */
    FormBody choices(String name, List<String> values) {
        members.put(name, values);
        return this;
    }

    JsonNode json() {
        return JSON.valueToTree(members);
    }

    /** The faults by field name, with the API's texts. */
    static Map<String, String> faults(RuntimeException refusal) {
        List<Violation> violations = switch (refusal) {
            case ProblemException it
            when !it.problem().errors().isEmpty() -> it.problem().errors();
            case InvalidContentException it -> it.violations();
            default -> throw refusal;
        };
        Map<String, String> faults = new LinkedHashMap<>();
        violations.forEach(
                it -> faults.merge(it.pointer().split("/")[1], it.detail(), (first, second) -> first + "; " + second));
        return faults;
    }
}

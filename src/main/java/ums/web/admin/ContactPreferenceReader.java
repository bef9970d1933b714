package ums.web.admin;

import static java.util.Objects.requireNonNullElse;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import ums.channel.Channels;
import ums.channel.Fields;
import ums.channel.Violation;
import ums.contact.BlockedHours;
import ums.contact.ContactPreference;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;

/** Reads the body of {@code PUT /admin/contact-preferences}. */
@Component
class ContactPreferenceReader {

    private static final Set<String> FIELDS = Set.of("recipient", "blocked", "blockedChannels");
    private static final Set<String> HOURS = Set.of("day", "from", "to");
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)|24:00");
    private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final int MAX_ENTRIES = 100;

    private final JsonBody bodies;
    private final Channels channels;

    ContactPreferenceReader(JsonBody bodies, Channels channels) {
        this.bodies = bodies;
        this.channels = channels;
    }

    /** @throws ProblemException 400 with every fault */
    ContactPreference read(byte[] body) {
        JsonNode request = bodies.parse(body);
        List<Violation> violations = new ArrayList<>();
        Fields fields = new Fields(request, violations);
        fields.allowOnly(FIELDS::contains);
        ContactPreference preference = new ContactPreference(
                recipient(fields.text("recipient"), violations),
                blocked(request.get("blocked"), violations),
                channels(fields.texts("blockedChannels"), violations));
        if (!violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
        return preference;
    }

    private String recipient(@Nullable String recipient, List<Violation> violations) {
        try {
            return channels.normalise(requireNonNullElse(recipient, ""));
        } catch (IllegalArgumentException invalid) {
            violations.add(new Violation("/recipient", requireNonNullElse(invalid.getMessage(), "is no address")));
            return "";
        }
    }

    private static List<BlockedHours> blocked(@Nullable JsonNode blocked, List<Violation> violations) {
        if (blocked == null || blocked.isNull()) {
            return List.of();
        }
        if (!blocked.isArray() || blocked.size() > MAX_ENTRIES) {
            violations.add(new Violation("/blocked", "must be an array of at most " + MAX_ENTRIES));
            return List.of();
        }
        List<BlockedHours> hours = new ArrayList<>(blocked.size());
        for (int i = 0; i < blocked.size(); i++) {
            List<Violation> own = new ArrayList<>();
            BlockedHours read = hours(blocked.get(i), own);
            if (read != null) {
                hours.add(read);
            }
            String pointer = "/blocked/" + i;
            own.forEach(it -> violations.add(new Violation(pointer + it.pointer(), it.detail())));
        }
        return hours;
    }

    private static @Nullable BlockedHours hours(JsonNode entry, List<Violation> violations) {
        if (!entry.isObject()) {
            violations.add(new Violation("", "must be an object of day, from and to"));
            return null;
        }
        Fields fields = new Fields(entry, violations);
        fields.allowOnly(HOURS::contains);
        DayOfWeek day = fields.oneOf("day", DayOfWeek.class);
        if (day == null && violations.stream().noneMatch(it -> it.pointer().equals("/day"))) {
            violations.add(new Violation("/day", "is required: MONDAY to SUNDAY"));
        }
        int from = minute("from", fields, violations);
        int to = minute("to", fields, violations);
        if (violations.isEmpty() && from >= to) {
            violations.add(new Violation("/to", "must be after from, on the same day; 24:00 is its end"));
        }
        return day == null || !violations.isEmpty() ? null : new BlockedHours(day, from, to);
    }

    private static int minute(String field, Fields fields, List<Violation> violations) {
        Matcher time = TIME.matcher(requireNonNullElse(fields.text(field), ""));
        if (!time.matches()) {
            violations.add(new Violation("/" + field, "must be HH:mm, Korean time"));
            return 0;
        }
        return time.group(1) == null
                ? BlockedHours.DAY
                : Integer.parseInt(time.group(1)) * 60 + Integer.parseInt(time.group(2));
    }

    private static Set<String> channels(List<String> names, List<Violation> violations) {
        for (int i = 0; i < names.size(); i++) {
            if (!CHANNEL.matcher(names.get(i)).matches()) {
                violations.add(new Violation("/blockedChannels/" + i, "must be a channel's name, such as email"));
            }
        }
        return new LinkedHashSet<>(names);
    }
}

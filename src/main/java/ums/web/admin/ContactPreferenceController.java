package ums.web.admin;

import java.security.Principal;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import ums.contact.BlockedHours;
import ums.contact.ContactPreference;
import ums.contact.ContactPreferences;
import ums.web.Problem;
import ums.web.ProblemException;

/** When and by which channels customers do not want to be contacted, as the lender's staff record it. */
@RestController
@RequestMapping(path = "/admin/contact-preferences", produces = MediaType.APPLICATION_JSON_VALUE)
class ContactPreferenceController {

    private final ContactPreferences preferences;
    private final ContactPreferenceReader reader;

    ContactPreferenceController(ContactPreferences preferences, ContactPreferenceReader reader) {
        this.preferences = preferences;
        this.reader = reader;
    }

    /** Replaces the recipient's preference. */
    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    PreferenceView set(@RequestBody byte[] body, Principal admin) {
        return PreferenceView.of(preferences.set(admin.getName(), reader.read(body)));
    }

    @GetMapping
    PreferenceView find(@RequestParam String recipient) {
        return preferences
                .find(recipient)
                .map(PreferenceView::of)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        HttpStatus.NOT_FOUND,
                        "NOT_FOUND",
                        "Nothing is kept about this recipient: nothing is blocked.")));
    }

    /** A preference as it is stored. */
    record PreferenceView(String recipient, List<HoursView> blocked, Set<String> blockedChannels) {

        private static PreferenceView of(ContactPreference preference) {
            return new PreferenceView(
                    preference.recipient(),
                    preference.blocked().stream().map(HoursView::of).toList(),
                    preference.blockedChannels());
        }
    }

    /** Blocked hours of a day, as {@code HH:mm}. */
    record HoursView(DayOfWeek day, String from, String to) {

        private static HoursView of(BlockedHours hours) {
            return new HoursView(hours.day(), BlockedHours.time(hours.from()), BlockedHours.time(hours.to()));
        }
    }
}

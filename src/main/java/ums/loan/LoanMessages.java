package ums.loan;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import ums.channel.email.EmailContent;

/**
 * The templates of the messages to customers: a file for each event and language, {@code loan/approve.ko.txt}, whose
 * first line is the subject. All are read at startup, so that a missing file or an unknown placeholder stops it.
 */
@Component
class LoanMessages {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private final Map<LoanLanguage, Map<LoanEvent, Template>> templates = new EnumMap<>(LoanLanguage.class);

    LoanMessages() {
        for (LoanLanguage language : LoanLanguage.values()) {
            Map<LoanEvent, Template> ofLanguage = new EnumMap<>(LoanEvent.class);
            for (LoanEvent event : LoanEvent.values()) {
                ofLanguage.put(event, Template.read("/loan/" + event.template() + "." + language.code() + ".txt"));
            }
            templates.put(language, ofLanguage);
        }
    }

    /** The message to the loan's customer about an event at a time. */
    EmailContent about(Loan loan, LoanEvent event, Instant at) {
        NewLoan terms = loan.terms();
        Template template =
                requireNonNull(requireNonNull(templates.get(terms.language())).get(event));
        Map<String, String> values = Map.of(
                "customerName", terms.customerName(),
                "contractNo", terms.contractNo(),
                "principal", terms.language().amount(terms.principal()),
                "date", terms.language().date(at));
        return EmailContent.plain(terms.customerEmail(), fill(template.title(), values), fill(template.text(), values));
    }

    /** Replaces in one pass, so that a placeholder in a customer's name is never replaced. */
    private static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(it -> Matcher.quoteReplacement(requireNonNull(values.get(it.group(1)))));
    }

    private record Template(String title, String text) {

        private static final List<String> NAMES = List.of("customerName", "contractNo", "principal", "date");

        static Template read(String file) {
            String text = resource(file);
            PLACEHOLDER
                    .matcher(text)
                    .results()
                    .map(it -> it.group(1))
                    .filter(it -> !NAMES.contains(it))
                    .forEach(it -> {
                        throw new IllegalStateException(file + " has an unknown placeholder: " + it);
                    });
            String[] parts = text.split("\n\n", 2);
            if (parts.length != 2 || parts[0].contains("\n")) {
                throw new IllegalStateException(file + " must be a line for the subject, an empty one, and the text");
            }
            return new Template(parts[0], parts[1]);
        }

        private static String resource(String file) {
            try (InputStream stream = LoanMessages.class.getResourceAsStream(file)) {
                if (stream == null) {
                    throw new IllegalStateException(file + " is missing");
                }
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException(file + " cannot be read", e);
            }
        }
    }
}

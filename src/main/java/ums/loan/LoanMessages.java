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
import ums.channel.Content;

/**
 * The words of the messages to customers: a file for each event and language, {@code loan/approve.ko.txt}, whose first line
 * is the subject. All are read at the start, so that a missing one, or one with a blank that nobody fills, stops it.
 */
@Component
class LoanMessages {

    private static final Pattern BLANK = Pattern.compile("\\{(\\w+)}");

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

    /** What the loan's customer is told of an event that happened then. */
    Content about(Loan loan, LoanEvent event, Instant at) {
        NewLoan terms = loan.terms();
        Template template =
                requireNonNull(requireNonNull(templates.get(terms.language())).get(event));
        Map<String, String> values = Map.of(
                "customerName", terms.customerName(),
                "contractNo", terms.contractNo(),
                "principal", terms.language().amount(terms.principal()),
                "date", terms.language().date(at));
        return new Content(
                null,
                List.of(terms.customerEmail()),
                List.of(),
                List.of(),
                null,
                fill(template.subject(), values),
                fill(template.text(), values),
                null,
                Map.of());
    }

    /** Each blank once: what a customer is called is never taken for a blank. */
    private static String fill(String text, Map<String, String> values) {
        return BLANK.matcher(text).replaceAll(it -> Matcher.quoteReplacement(requireNonNull(values.get(it.group(1)))));
    }

    private record Template(String subject, String text) {

        private static final List<String> BLANKS = List.of("customerName", "contractNo", "principal", "date");

        static Template read(String file) {
            String text = resource(file);
            BLANK.matcher(text)
                    .results()
                    .map(it -> it.group(1))
                    .filter(it -> !BLANKS.contains(it))
                    .forEach(it -> {
                        throw new IllegalStateException(file + " has a blank that nobody fills: " + it);
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

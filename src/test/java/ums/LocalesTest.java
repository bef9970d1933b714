package ums;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import ums.contact.BlockedHours;

/**
 * Output for programs must not depend on the machine's locale: in some locales {@code %d} writes other digits, and an I in
 * lower case has no dot.
 */
class LocalesTest {

    /** The first argument must be a locale: a constant, or a variable named {@code locale}. */
    private static final Pattern FORMAT_WITHOUT_LOCALE =
            Pattern.compile("String\\s*\\.format\\((?!\\s*(Locale\\.|locale\\b))");

    private static final Pattern CASE_WITHOUT_LOCALE =
            Pattern.compile("to(Lower|Upper)Case\\(\\)|(?<!Character)::to(Lower|Upper)Case");
    private static final Pattern OF_THE_MACHINE =
            Pattern.compile("printf\\(|new (Formatter|DecimalFormat|SimpleDateFormat|Scanner)\\(|NumberFormat\\.get");

    private static final Pattern FORMATTED = Pattern.compile("\\.formatted\\(|::formatted");

    /** All conversions except for {@code %s}, which does not localize a number, {@code %n} and {@code %%}. */
    private static final Pattern CONVERSION_OF_A_LOCALE =
            Pattern.compile("%(\\d+\\$)?[-#+ 0,(]*\\d*(\\.\\d+)?([a-mo-rt-zA-Z])");

    @Test
    void whatDependsOnALocaleNamesIt() throws IOException {
        assertThat(sources(it -> FORMAT_WITHOUT_LOCALE.matcher(it).find())).isEmpty();
        assertThat(sources(it -> CASE_WITHOUT_LOCALE.matcher(it).find())).isEmpty();
        assertThat(sources(it -> OF_THE_MACHINE.matcher(it).find())).isEmpty();
        // formatted takes no locale, so only %s is allowed.
        assertThat(sources(it -> FORMATTED.matcher(it).find()
                        && CONVERSION_OF_A_LOCALE.matcher(it).find()))
                .isEmpty();
    }

    @Test
    void hoursHaveTheDigitsThatTheApiReads() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertThat(String.format(Locale.getDefault(), "%d", 1)).isNotEqualTo("1");
            assertThat(BlockedHours.time(9 * 60)).isEqualTo("09:00");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static List<Path> sources(Predicate<String> text) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(it -> it.toString().endsWith(".java"))
                    .filter(it -> text.test(read(it)))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

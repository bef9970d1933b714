package ums;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a channel or a provider calls its own is named in its own package, and elsewhere only in the files listed here. */
class VocabularyTest {

    private static final Path MAIN = Path.of("src/main");

    private static final Pattern SMTP = Pattern.compile("smtp", Pattern.CASE_INSENSITIVE);

    private static final Set<String> SPEAK_SMTP = Set.of(
            // The inbox's server, its settings, and the account that sends to it.
            "java/ums/sandbox/InboxAccounts.java",
            "java/ums/sandbox/InboxConfiguration.java",
            "java/ums/sandbox/InboxPortFailureAnalyzer.java",
            "java/ums/sandbox/InboxProperties.java",
            "java/ums/sandbox/InboxServer.java",
            "java/ums/sandbox/package-info.java",
            // The name of a provider's control header.
            "java/ums/channel/email/HeaderRules.java",
            // The contract's smtpCode.
            "java/ums/web/SmtpCode.java",
            "java/ums/web/admin/FailureView.java",
            "java/ums/web/api/EventView.java",
            "java/ums/web/api/MessageView.java");

    /** A field's name as JSON or a query has it, or the record that has them all. */
    private static final Pattern EMAIL_FIELDS =
            Pattern.compile("\"(?:cc|bcc|replyTo|subject|html|headers)\"|\\bEmailContent\\b");

    private static final Set<String> KNOW_EMAIL_FIELDS = Set.of(
            // The sandbox's form for a first e-mail.
            "java/ums/web/console/OverviewPages.java",
            // Loans are told by e-mail.
            "java/ums/loan/LoanMessages.java",
            // Not a field: the ways to view a message or mail.
            "java/ums/web/console/InboxPages.java",
            "java/ums/web/console/Preview.java",
            // Not a field: an attribute of CloudEvents.
            "java/ums/relay/EventRecord.java");

    @Test
    void onlyTheSmtpProviderSpeaksSmtp() throws IOException {
        assertThat(files("java/ums/provider/smtp/", SMTP)).isEqualTo(new TreeSet<>(SPEAK_SMTP));
    }

    @Test
    void onlyEMailsChannelAndProvidersKnowItsFields() throws IOException {
        Set<String> know = files("java/ums/channel/email/", EMAIL_FIELDS);
        know.removeIf(it -> it.startsWith("java/ums/provider/smtp/") || !it.endsWith(".java"));

        assertThat(know).isEqualTo(new TreeSet<>(KNOW_EMAIL_FIELDS));
    }

    /** The files of main outside a folder in which the pattern occurs. */
    private static Set<String> files(String except, Pattern pattern) throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(Files::isRegularFile)
                    .filter(it -> pattern.matcher(text(it)).find())
                    .map(it -> MAIN.relativize(it).toString().replace('\\', '/'))
                    .filter(it -> !it.startsWith(except))
                    .collect(toCollection(TreeSet::new));
        }
    }

    /** Bytes as characters, as not every resource is text. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

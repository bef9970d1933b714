package ums.loan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import ums.channel.email.EmailContent;

/** The texts of the messages to customers. */
class LoanMessagesTest {

    private static final Path PREVIEW = Path.of("src/test/resources/loan/preview.md");
    private static final Instant AT = Instant.parse("2026-12-01T15:30:00Z");

    private final LoanMessages messages = new LoanMessages();

    /** A changed template must be updated in the preview, so that its text is reviewed. */
    @Test
    void allMessagesMatchThePreview() throws IOException {
        StringBuilder preview = new StringBuilder("What customers are told; "
                + "`mvn test -Dtest=LoanMessagesTest -Dpreview.write=true` writes it anew from the templates.\n");
        for (LoanLanguage language : LoanLanguage.values()) {
            for (LoanEvent event : LoanEvent.values()) {
                EmailContent content = messages.about(loan(language, "김민수"), event, AT);
                preview.append("\n## ")
                        .append(event)
                        .append(", ")
                        .append(language.code())
                        .append("\n\n**")
                        .append(content.subject())
                        .append("**\n\n```\n")
                        .append(content.text())
                        .append("```\n");
            }
        }
        if (Boolean.getBoolean("preview.write")) {
            Files.createDirectories(PREVIEW.getParent());
            Files.writeString(PREVIEW, preview);
        }
        assertThat(PREVIEW).hasContent(preview.toString());
    }

    @Test
    void datesAreKorean() {
        assertThat(messages.about(loan(LoanLanguage.KO, "김민수"), LoanEvent.APPROVE, AT)
                        .text())
                .contains("2026년 12월 2일", "10,000,000원");
        assertThat(messages.about(loan(LoanLanguage.EN, "Kim"), LoanEvent.APPROVE, AT)
                        .text())
                .contains("2 December 2026", "KRW 10,000,000");
    }

    @Test
    void placeholdersInANameAreNotReplaced() {
        assertThat(messages.about(loan(LoanLanguage.EN, "{principal} $1 \\"), LoanEvent.CURE, AT)
                        .text())
                .startsWith("Dear {principal} $1 \\,");
    }

    private static Loan loan(LoanLanguage language, String name) {
        NewLoan terms = new NewLoan("2026-00123", "42", "kim@example.com", name, language, 10_000_000);
        return new Loan(UUID.randomUUID(), "lender", false, terms, LoanStatus.APPLIED, AT, AT);
    }
}

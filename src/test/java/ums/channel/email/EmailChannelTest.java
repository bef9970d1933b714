package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import ums.channel.Content;
import ums.channel.Delivery;
import ums.channel.MessageSender.Prepared;
import ums.channel.Outcome;
import ums.channel.Recipient;
import ums.channel.RecipientOutcome;
import ums.channel.Reply;

/** Which sender a delivery goes to, and the outcome of one that cannot be rendered. */
@ExtendWith(OutputCaptureExtension.class)
class EmailChannelTest {

    private final List<Email> wire = new ArrayList<>();
    private final List<Email> kept = new ArrayList<>();
    private final EmailChannel channel = new EmailChannel("UMS <ums@example.com>", null, into(wire), into(kept));

    @Test
    void aLiveMessageIsSentAndATestKeysGoesIntoTheInbox() {
        Prepared prepared = channel.prepare(new Draft().from(null).content());

        assertThat(channel.send(delivery(prepared, false)))
                .extracting(RecipientOutcome::recipient)
                .isEqualTo(prepared.recipients());
        assertThat(wire).hasSize(1);
        assertThat(kept).isEmpty();
        assertThat(wire.getFirst().sender()).isEqualTo("ums@example.com");

        channel.send(delivery(prepared, true));
        assertThat(wire).hasSize(1);
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst().bytes()).isEqualTo(wire.getFirst().bytes());
    }

    @Test
    void aRenderingErrorIsInvalidForAllAndLoggedWithoutContent(CapturedOutput output) {
        List<Recipient> recipients = List.of(
                new Recipient("kim@example.com", Recipient.Kind.TO),
                new Recipient("su@example.com", Recipient.Kind.BCC));
        for (Content broken : List.of(
                new Draft().subject("secret\r\nBcc: x@evil.example").content(),
                new Draft().to(List.of("secret, secret@x")).content(),
                new Draft().headers(Map.of("X-A", "secret\nX-B: c")).content(),
                new Draft()
                        .headers(Map.of("X-A: secret\r\nBcc", "x@evil.example"))
                        .content(),
                new Draft().from(null).content(),
                new Draft().subject(null).content(),
                new Draft().text(null).content())) {
            assertThat(channel.send(delivery(new Prepared(broken, "from@example.com", recipients), false)))
                    .extracting(RecipientOutcome::recipient)
                    .isEqualTo(recipients);
            assertThat(channel.send(delivery(new Prepared(broken, "from@example.com", recipients), false)))
                    .allSatisfy(it -> assertThat(it.outcome())
                            .isInstanceOfSatisfying(Outcome.Invalid.class, invalid -> {
                                assertThat(invalid.cause()).isNotNull();
                                assertThat(invalid.description()).doesNotContain("secret");
                            }));
        }
        assertThat(wire).isEmpty();
        assertThat(output).doesNotContain("secret").doesNotContain("example.com");
    }

    @Test
    void anInvalidDefaultSenderStopsTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EmailChannel("secret", null, into(wire), into(kept)))
                .withMessageContaining("ums.email.from")
                .withMessageNotContaining("secret");
        assertThat(EmailChannel.validFrom(null)).isNull();
        assertThat(EmailChannel.validFrom(" ")).isNull();
        assertThat(EmailChannel.validFrom("UMS <ums@localhost>")).isEqualTo("UMS <ums@localhost>");
    }

    @ParameterizedTest
    @CsvSource({
        "kim@Example.COM, example.com",
        "Kim <kim@example.com>, example.com",
        "kim@b\u00fccher.example, xn--bcher-kva.example",
        "kim@B\u00dcCHER.example, xn--bcher-kva.example",
        "kim@[192.0.2.1], [192.0.2.1]",
        "nobody, ''"
    })
    void theBulkheadIsTheFirstRecipientsDomain(String first, String bulkhead) {
        assertThat(channel.bulkhead(
                        new Draft().to(List.of(first, "su@example.org")).content()))
                .isEqualTo(bulkhead);
    }

    @Test
    void aMessageWithoutRecipientsHasNoBulkhead() {
        assertThat(channel.bulkhead(new Draft().to(List.of()).content())).isEmpty();
    }

    private static Delivery delivery(Prepared prepared, boolean test) {
        return new Delivery(Mails.ID, Mails.CREATED, prepared.content(), prepared.recipients(), () -> true, test);
    }

    private static EmailSender into(List<Email> sent) {
        return email -> {
            sent.add(email);
            return email.recipients().stream()
                    .map(recipient -> new RecipientOutcome(recipient, new Outcome.Sent(new Reply(250, "ok"))))
                    .toList();
        };
    }
}

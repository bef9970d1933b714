package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.channel.Channel.Prepared;
import ums.channel.Delivery;
import ums.channel.ErrorType;
import ums.channel.Recipient;
import ums.provider.EmailProvider;

/** The default sender, the bulkhead, and what cannot be rendered. */
class EmailChannelTest {

    private final EmailChannel channel = new EmailChannel("UMS <ums@example.com>");

    @Test
    void aMessageWithoutASenderGetsTheDefaultOne() {
        Prepared<EmailContent> prepared = channel.prepare(new Draft().from(null).content());

        assertThat(prepared.sender()).isEqualTo("ums@example.com");
        assertThat(channel.sender(prepared.content())).isEqualTo("ums@example.com");
    }

    @Test
    void whatCannotBeRenderedIsTheProvidersToRefuse() {
        List<Recipient> recipients = List.of(
                new Recipient("kim@example.com", Recipient.Kind.TO),
                new Recipient("su@example.com", Recipient.Kind.BCC));
        for (EmailContent broken : List.of(
                new Draft().subject("secret\r\nBcc: x@evil.example").content(),
                new Draft().to(List.of("secret, secret@x")).content(),
                new Draft().headers(Map.of("X-A", "secret\nX-B: c")).content(),
                new Draft()
                        .headers(Map.of("X-A: secret\r\nBcc", "x@evil.example"))
                        .content(),
                new Draft().from(null).content(),
                new Draft().subject(null).content(),
                new Draft().text(null).content())) {
            Delivery<EmailContent> delivery =
                    new Delivery<>(Mails.ID, Mails.CREATED, broken, recipients, 0, () -> true);
            assertThat(RenderedEmail.of(delivery)).isInstanceOf(RenderedEmail.Failed.class);
            assertThat(new EmailProvider(new NoopEmailSender()).send(delivery))
                    .extracting(it -> it.outcome().errorType())
                    .containsExactly(ErrorType.INVALID, ErrorType.INVALID);
        }
    }

    @Test
    void anInvalidDefaultSenderStopsTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EmailChannel("secret"))
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
        assertThat(channel.bulkhead(new Recipient(first, Recipient.Kind.TO))).isEqualTo(bulkhead);
    }

    @Test
    void anAddressHasOneSpellingWithOrWithoutAName() {
        assertThat(channel.normalise("Kim <Kim@B\u00dcCHER.example>")).isEqualTo("Kim@xn--bcher-kva.example");
        assertThat(channel.normalise("Kim@xn--bcher-kva.Example")).isEqualTo("Kim@xn--bcher-kva.example");
        assertThatIllegalArgumentException().isThrownBy(() -> channel.normalise("01012345678"));
    }
}

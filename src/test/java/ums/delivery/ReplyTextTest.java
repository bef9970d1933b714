package ums.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ums.channel.email.FailingEmailSender;
import ums.message.MessageStatus;
import ums.provider.Outcome;
import ums.provider.Reply;

/** A message is settled whatever the provider's reply: else a delivered one would be sent again. */
class ReplyTextTest extends DispatchStory {

    static String[] replies() {
        return new String[] {
            "a NUL \0 in it",
            "half a pair \ud83d",
            "\ude00 the other half",
            "not decoded \ufffd\ufffd",
            "an emoji 😀 and 뷁",
            "x".repeat(1_000_000),
            "😀".repeat(500_000),
            "y".repeat(998) + "😀"
        };
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyOfAnyTextIsSettledAndShown(String text) throws InterruptedException {
        UUID taken = accept();
        pollAndSettle(dispatcher(new FailingEmailSender(new Outcome.Sent(new Reply(250, text)))));
        UUID refused = accept();
        pollAndSettle(dispatcher(new FailingEmailSender(new Outcome.Rejected("RCPT", new Reply(550, text)))));
        UUID lost = accept();
        pollAndSettle(dispatcher(new FailingEmailSender(new Outcome.Disconnected("MAIL", text, null))));

        assertThat(message(taken).progress().status()).isEqualTo(MessageStatus.SENT);
        assertThat(message(refused).progress().status()).isEqualTo(MessageStatus.FAILED);
        assertThat(message(lost).progress().status()).isEqualTo(MessageStatus.RETRY);
        assertThat(message(refused).progress().lastError().text())
                .startsWith("550 ")
                .hasSizeLessThanOrEqualTo(1_000);
    }
}

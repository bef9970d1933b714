package ums.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;
import ums.channel.Channel;
import ums.channel.Content;
import ums.channel.Recipient;

/** A key's senders are those of any channel, here of a second one whose senders are numbers and profiles. */
class SendersOfAnyChannelTest extends UmsStory {

    /** Scheduled, so that nothing is sent. */
    private static final String LATER = "2099-01-01T00:00:00Z";

    @Test
    void aKeySendsAsItsNumberProfileAndAddressAndAsNothingElse() {
        String key = ums.newKey("""
                {"client": "shop", "from": [" 15771577 ", "@쇼핑몰", "Shop <orders@Shop.example>"]}""");

        for (Answer accepted :
                List.of(chat(key, "15771577"), chat(key, "@쇼핑몰"), mail(key, "Orders <orders@shop.example>"))) {
            assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        }
        for (Answer refused :
                List.of(chat(key, "15771578"), chat(key, "@다른몰"), chat(key, "Shop"), mail(key, "boss@shop.example"))) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("FROM_NOT_ALLOWED");
        }
    }

    private Answer chat(String key, String from) {
        return ums.send(key, Messages.to("kim", Map.of("channel", "chat", "from", from, "scheduledAt", LATER)));
    }

    private Answer mail(String key, String from) {
        return ums.send(key, Messages.to("kim@example.com", Map.of("from", from, "scheduledAt", LATER)));
    }

    @TestConfiguration
    static class Chat {

        @Bean
        Channel chat() {
            return new Channel() {
                @Override
                public String name() {
                    return "chat";
                }

                @Override
                public Prepared prepare(Content content) {
                    String from = content.from() == null ? "" : content.from();
                    return new Prepared(
                            content, from, List.of(new Recipient(content.to().getFirst(), Recipient.Kind.TO)));
                }
            };
        }
    }
}

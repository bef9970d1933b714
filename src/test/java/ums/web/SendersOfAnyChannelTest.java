package ums.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;
import ums.Messages;
import ums.UmsClient.Answer;
import ums.UmsStory;
import ums.channel.Channel;
import ums.channel.Content;
import ums.channel.Field;
import ums.channel.FieldType;
import ums.channel.Form;
import ums.channel.Recipient;

/** A key's senders are those of any channel, here of a second one whose senders are numbers and profiles. */
class SendersOfAnyChannelTest extends UmsStory {

    private static final JsonMapper JSON = JsonMapper.builder().build();

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
        return ums.send(
                key,
                JSON.writeValueAsString(
                        Map.of("channel", "chat", "from", from, "to", List.of("kim"), "scheduledAt", LATER)));
    }

    private Answer mail(String key, String from) {
        return ums.send(key, Messages.to("kim@example.com", Map.of("from", from, "scheduledAt", LATER)));
    }

    private record ChatContent(String from, List<String> to) implements Content {

        private static final Form<ChatContent> FORM = new Form<>(
                values -> new ChatContent(values.text("from"), values.texts("to")),
                Field.of("from", FieldType.TEXT, ChatContent::from).inSummary(),
                Field.of("to", FieldType.TEXTS, ChatContent::to).inSummary());

        @Override
        public Stored stored() {
            return FORM.stored(this);
        }

        @Override
        public Map<String, Object> view(boolean whole) {
            return FORM.view(this, whole);
        }

        @Override
        public Preview preview() {
            return new Preview(null, null, null, List.of());
        }
    }

    @TestConfiguration
    static class Chat {

        @Bean
        Channel<?> chat() {
            return new Channel<ChatContent>() {
                @Override
                public String name() {
                    return "chat";
                }

                @Override
                public Form<ChatContent> form() {
                    return ChatContent.FORM;
                }

                @Override
                public Prepared<ChatContent> prepare(ChatContent content) {
                    return new Prepared<>(
                            content,
                            content.from(),
                            List.of(new Recipient(content.to().getFirst(), Recipient.Kind.TO)));
                }

                @Override
                public String normalise(String address) {
                    if (address.indexOf('@') > 0) {
                        throw new IllegalArgumentException("is an e-mail address");
                    }
                    return address.strip();
                }
            };
        }
    }
}

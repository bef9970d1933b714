package ums.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static ums.channel.email.Mails.RULES;
import static ums.channel.email.Mails.assertWellFormed;
import static ums.channel.email.Mails.parsed;
import static ums.channel.email.Mails.render;

import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import ums.channel.InvalidContentException;

/** All accepted content can be rendered: a caller gets a 400 and not a FAILED message. */
class AcceptedIsBuiltTest {

    private static final List<String> NAMES = List.of(
            "X-Order",
            "Comments",
            "List-Unsubscribe",
            "list-unsubscribe-POST",
            "List-Id",
            "References",
            "In-Reply-To",
            "Feedback-ID",
            "X-Priority",
            "X-" + "N".repeat(74));

    @Test
    void acceptedContentCanBeRenderedAndSent() throws Exception {
        Random random = new Random(19);
        int accepted = 0;
        for (int i = 0; i < 4_000; i++) {
            EmailContent content = anything(random);
            try {
                RULES.prepare(content);
            } catch (InvalidContentException refused) {
                continue;
            }
            accepted++;
            Email email = render(content);
            assertWellFormed(email);
            MimeMessage read = parsed(email);
            for (Map.Entry<String, String> header : content.headers().entrySet()) {
                if (HeaderRules.isStructured(header.getKey())) {
                    assertThat(read.getHeader(header.getKey())[0]).isEqualToIgnoringWhitespace(header.getValue());
                }
            }
        }
        assertThat(accepted).isGreaterThan(500);
    }

    private static EmailContent anything(Random random) {
        List<String> to = new ArrayList<>();
        for (int left = 1 + random.nextInt(2); left > 0; left--) {
            to.add(random.nextInt(3) == 0 ? Nasty.address(random) : "김민수 <kim" + left + "@예시.한국>");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            headers.put(NAMES.get(random.nextInt(NAMES.size())), value(random));
        }
        return new EmailContent(
                "shop@example.com",
                to,
                List.of(),
                random.nextInt(5) == 0 ? List.of(Nasty.address(random)) : List.of(),
                random.nextInt(5) == 0 ? Nasty.address(random) : null,
                Nasty.line(random),
                text(random),
                random.nextInt(3) == 0 ? text(random) : null,
                headers);
    }

    private static String value(Random random) {
        StringBuilder value = new StringBuilder();
        for (int left = 1 + random.nextInt(12); left > 0; left--) {
            value.append(
                    switch (random.nextInt(8)) {
                        case 0 -> " ";
                        case 1 -> ",";
                        case 2 -> ", ";
                        case 3 -> "<https://shop.example/u?a=" + "b,".repeat(random.nextInt(300)) + ">";
                        case 4 -> "<" + "1".repeat(random.nextInt(1_010)) + "@shop.example>";
                        case 5 -> "\"a, \\\" b\"";
                        case 6 -> "=?utf-8?Q?=0D=0ABcc:_x@evil.example?=";
                        default -> random.nextInt(6) == 0 ? Nasty.line(random) : "token";
                    });
        }
        return value.toString();
    }

    private static @Nullable String text(Random random) {
        String body = Nasty.body(random);
        return switch (random.nextInt(40)) {
            case 0 -> null;
            case 1 -> body + '\0';
            case 2 -> body + '\uD800';
            case 3 -> " \n";
            default -> body;
        };
    }
}

package ums.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import ums.Messages;

/** Bodies of attacks. */
final class HostileBodies {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Characters that some software treats as a line end. */
    private static final List<String> BREAKS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\n\r",
            "\u2028",
            "\u2029",
            "\u0085",
            "\u000b",
            "\u000c",
            "\u0000",
            "\u001c",
            "\u001e",
            "%0d%0a",
            "\\r\\n",
            "&#13;&#10;",
            "\u560d\u560a",
            "\u010d\u010a",
            "\uff0d\uff0a",
            "\ud800",
            "\udfff\ud800");

    /** The header fields that an injection would add. */
    private static final List<String> GAINS = List.of(
            "X-Injected: yes",
            "Bcc: victim@example.net",
            "FORGED 2026-11-24 ERROR all is lost",
            "\r\n<script>alert(1)</script>",
            "Content-Type: text/html");

    /** The same in RFC 2047 encoded words, which some software decodes twice. */
    private static final List<String> WORDS = List.of(
            "=?utf-8?q?x=0d=0aX-Injected:_yes?=",
            "=?utf-8?b?eA0KWC1JbmplY3RlZDogeWVz?=",
            "=?utf-8?q?=0aBcc:_victim@example.net?= =?utf-8?q?=0d?=",
            "=?utf-16?b?AAoADQ==?=",
            "=?x-unknown?q?=00?=",
            "=?utf-8?q?=?==?=",
            "=?utf-8?b?====?=");

    private static final List<String> FIELDS =
            List.of("from", "replyTo", "subject", "text", "html", "reference", "channel", "purpose", "scheduledAt");

    private HostileBodies() {}

    static List<byte[]> handPicked(String to) {
        List<String> bodies = new ArrayList<>();
        for (String gain : GAINS) {
            for (String end : BREAKS) {
                bodies.add(Messages.to(to, Map.of("subject", "x" + end + gain)));
            }
        }
        for (String word : WORDS) {
            bodies.add(Messages.to(to, Map.of("subject", word)));
            bodies.add(Messages.to(to, Map.of("from", word + " <shop@example.com>")));
            bodies.add(Messages.to(to, Map.of("replyTo", "\"" + word + "\" <" + word + "@example.com>")));
            bodies.add(Messages.to(to, Map.of("headers", Map.of("X-A", word))));
            bodies.add(Messages.to(to, Map.of("headers", Map.of(word, "x"))));
        }
        for (String end : BREAKS) {
            String tail = end + GAINS.getFirst();
            bodies.add(Messages.to(to, Map.of("from", "Shop" + tail + " <shop@example.com>")));
            bodies.add(Messages.to(to, Map.of("replyTo", "shop@example.com" + tail)));
            bodies.add(Messages.to(to, Map.of("cc", List.of("<victim" + tail + "@example.com>"))));
            bodies.add(Messages.to(to, Map.of("headers", Map.of("X-A", "x" + tail))));
            bodies.add(Messages.to(to, Map.of("headers", Map.of("X-A" + tail, "x"))));
            bodies.add(Messages.to(to, Map.of("reference", "x" + tail, "tags", Map.of("a" + end, tail))));
        }
        for (String name : List.of(
                "",
                " ",
                ":",
                "X A",
                "X-A:",
                "bcc",
                "BCC",
                "Content-type",
                "x\u00e9",
                "\u212aelvin",
                "DKIM-Signature")) {
            bodies.add(Messages.to(to, Map.of("headers", Map.of(name, "x"))));
        }
        bodies.addAll(bombs(to));
        List<byte[]> bytes = new ArrayList<>(
                bodies.stream().map(it -> it.getBytes(StandardCharsets.UTF_8)).toList());
        bytes.addAll(notUtf8(to));
        return bytes;
    }

    /** Small on the wire, large in memory. */
    private static List<String> bombs(String to) {
        return List.of(
                "[".repeat(200_000),
                "{\"a\":".repeat(100_000),
                "{\"to\":" + "[".repeat(30) + "]".repeat(30) + "}",
                "{\"to\": [" + "1,".repeat(2_000_000) + "1]}",
                "{\"to\": [" + "\"a\",".repeat(1_000_000) + "\"a\"]}",
                "{"
                        + IntStream.range(0, 200_000)
                                .mapToObj(it -> "\"k" + it + "\":1")
                                .reduce("", HostileBodies::joined)
                        + "}",
                "{\"" + "n".repeat(2_000_000) + "\": 1}",
                "{\"n\": " + "9".repeat(1_000_000) + "}",
                "{\"n\": 1e999999999}",
                "{\"n\": -0.0e-999999999}",
                "{\"n\": NaN}",
                "{\"to\": [\"" + to + "\"], \"to\": [\"b@example.com\"], \"subject\": \"x\", \"text\": \"y\"}",
                "{\"to\": [\"" + to + "\"], \"\\u0074o\": [\"b@example.com\"], \"subject\": \"x\", \"text\": \"y\"}",
                "{\"__proto__\": {\"admin\": true}}",
                "{\"@class\": \"java.lang.Runtime\"}",
                "[\"java.util.HashMap\", {}]",
                "\ufeff" + Messages.to(to),
                "/* */" + Messages.to(to),
                "{'to': 1}",
                Messages.to(to, Map.of("subject", "s".repeat(1_000_000))),
                Messages.to(to, Map.of("text", "t".repeat(9_000_000))),
                Messages.to(to, Map.of("reference", "'; drop table message; --")),
                Messages.to(to, Map.of("tags", Map.of("${jndi:ldap://127.0.0.1/x}", "#{T(java.lang.Runtime)}"))),
                Messages.to(to, Map.of("expiresAt", "-999999999-01-01T00:00:00Z")),
                Messages.to(to, Map.of("scheduledAt", "9999-12-31T23:59:59.999999999999Z")),
                "true",
                "\"\"",
                "",
                " ",
                "\u0000");
    }

    private static String joined(String one, String other) {
        return one.isEmpty() ? other : one.length() > 1_500_000 ? one : one + "," + other;
    }

    private static List<byte[]> notUtf8(String to) {
        List<byte[]> bytes = new ArrayList<>();
        byte[] good = Messages.to(to).getBytes(StandardCharsets.UTF_8);
        for (int octet : new int[] {0x80, 0xc0, 0xed, 0xf8, 0xfe, 0xff}) {
            byte[] bad = good.clone();
            bad[bad.length - 4] = (byte) octet;
            bytes.add(bad);
        }
        bytes.add(Messages.to(to).getBytes(StandardCharsets.UTF_16));
        bytes.add(new byte[100_000]);
        return bytes;
    }

    /** A valid message with something replaced, broken or truncated. */
    static byte[] random(Random random, String to) {
        Map<String, Object> change = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            change.put(FIELDS.get(random.nextInt(FIELDS.size())), value(random, 2));
        }
        if (random.nextInt(4) == 0) {
            change.put("headers", Map.of("X-A", text(random)));
        }
        byte[] body = Messages.to(to, change).getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(body, random.nextInt(body.length));
            case 1 -> {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
                yield body;
            }
            default -> body;
        };
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextBoolean();
            case 4 -> Collections.nCopies(random.nextInt(5), value(random, depth - 1));
            case 5 -> Map.of(text(random), value(random, depth - 1));
            default -> text(random);
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(
                    switch (random.nextInt(5)) {
                        case 0 -> BREAKS.get(random.nextInt(BREAKS.size()));
                        case 1 -> GAINS.get(random.nextInt(GAINS.size()));
                        case 2 -> WORDS.get(random.nextInt(WORDS.size()));
                        case 3 -> Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1));
                        default -> "word ";
                    });
        }
        return text.toString();
    }
}

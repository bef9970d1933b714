package ums.channel.email;

import java.util.List;
import java.util.Random;

/** Texts and addresses that tend to break mail software, from a seeded source. */
final class Nasty {

    private static final List<String> PIECES = List.of(
            "주문이 접수되었습니다",
            "한",
            "🎉",
            "👨‍👩‍👧",
            "e\u0301",
            "שלום עולם",
            "\u202Eevil\u202C",
            "Ünïcödé",
            "=?utf-8?Q?=0D=0ABcc:_x@evil.example?=",
            "=?UTF-8?B?aGk=?=",
            "=?",
            "?=",
            "=20",
            "=",
            " ",
            "  ",
            "   ",
            ".",
            "..",
            "a",
            "word",
            "longwordwithoutanyspace".repeat(5),
            "<b>",
            "\"",
            "\\",
            ", ",
            "; ",
            "(c)",
            "@",
            "Bcc: x@evil.example",
            "--",
            "\uFFFD",
            "\uFEFF",
            "\u00A0",
            "~");

    private static final List<String> BREAKS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\n\n",
            "\r\n.\r\n",
            "\n..\n",
            " \n",
            "\t\r\n",
            "\nFrom me\n",
            "\r\n-- \r\n",
            "\n--=_\n",
            "\t");

    private static final List<String> ADDRESS_PIECES = List.of(
            "kim",
            "민수",
            "🎉",
            " ",
            "  ",
            "\"",
            "\"",
            "\"a b\"",
            "\"\\\"\"",
            "\\",
            "<",
            "<",
            ">",
            ">",
            "@",
            "@",
            "@x.com",
            "@x.com>",
            ".",
            ",",
            ";",
            ":",
            "(",
            ")",
            "[",
            "]",
            "[127.0.0.1]",
            "예시.한국",
            "x.com",
            "=?utf-8?q?a?=",
            "=?",
            "?=",
            "+",
            "-",
            "_",
            "'",
            "\u3000",
            "e\u0301",
            "Kim Min <",
            "Dr. ");

    private Nasty() {}

    /** One line, as in a subject or a name. */
    static String line(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 8);
        for (int i = 0; i < pieces; i++) {
            text.append(pick(PIECES, random));
        }
        return text.toString();
    }

    /** Many lines, as in a body; mostly ASCII, mostly not, or with lines of any length. */
    static String body(Random random) {
        StringBuilder text = new StringBuilder();
        boolean plain = random.nextInt(3) == 0;
        int pieces = 1 + random.nextInt(80);
        for (int i = 0; i < pieces; i++) {
            text.append(
                    switch (random.nextInt(12)) {
                        case 0, 1, 2 -> pick(BREAKS, random);
                        case 3, 4 -> plain ? "plain text " : pick(PIECES, random);
                        case 5 -> "x".repeat(random.nextInt(400));
                        default -> plain ? "plain text" : pick(PIECES, random);
                    });
        }
        return text.toString();
    }

    /** Something that may or may not be a mailbox. */
    static String address(Random random) {
        if (random.nextBoolean()) {
            return some(random, 7);
        }
        String name =
                random.nextBoolean() ? some(random, 3) : '"' + line(random).replaceAll("[\"\\\\]", "\\\\$0") + '"';
        String local = random.nextBoolean() ? "kim" : some(random, 2);
        return name + " <" + local + "@" + (random.nextBoolean() ? "예시.한국" : "x.com") + ">";
    }

    private static String some(Random random, int most) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(most);
        for (int i = 0; i < pieces; i++) {
            text.append(pick(ADDRESS_PIECES, random));
        }
        return text.toString();
    }

    private static String pick(List<String> pieces, Random random) {
        return pieces.get(random.nextInt(pieces.size()));
    }
}

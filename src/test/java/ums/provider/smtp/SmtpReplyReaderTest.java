package ums.provider.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ums.provider.Reply;

class SmtpReplyReaderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8192})
    void repliesAreReadHoweverTheyArrive(int octetsAtATime) throws IOException {
        SmtpReplyReader reader = reader(
                "250-one\r\n250-\r\n250 two\r\n" + "354\r\n" + "550 \u007f5.1.1\tno\u0000 such\u0085 \uae40\r\n"
                        + "221 bye\n",
                octetsAtATime);

        assertThat(reader.read(null)).isEqualTo(new Reply(250, "one  two"));
        assertThat(reader.read(null)).isEqualTo(new Reply(354, ""));
        assertThat(reader.read(null)).isEqualTo(new Reply(550, "5.1.1no such \uae40"));
        assertThat(reader.read(null)).isEqualTo(new Reply(221, "bye"));
        assertThat(reader.holdsMore()).isFalse();
        assertThatThrownBy(() -> reader.read(null)).isInstanceOf(EOFException.class);
    }

    @Test
    void linesAreReturnedOnRequest() throws IOException {
        List<String> lines = new ArrayList<>();
        reader("250-mx.example\r\n250-SIZE 100\r\n250 HELP\r\n", 5).read(lines);

        assertThat(lines).containsExactly("mx.example", "SIZE 100", "HELP");
    }

    @Test
    void aTextIsCutAtFiveHundredCharacters() throws IOException {
        assertThat(reader("250-" + "x".repeat(499) + "\r\n250 yz\r\n", 9)
                        .read(null)
                        .text())
                .isEqualTo("x".repeat(499) + " ");
    }

    @Test
    void linesAndTheirNumberAreLimited() throws IOException {
        String longest = "250 " + "x".repeat(4092);
        assertThat(reader(longest + "\r\n", 100).read(null).code()).isEqualTo(250);
        assertThat(reader("250-a\r\n".repeat(99) + "250 b\r\n", 100).read(null).code())
                .isEqualTo(250);

        isUnreadable(longest + "x\r\n");
        isUnreadable("250-a\r\n".repeat(100) + "250 b\r\n");
        isUnreadable("x".repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "25\r\n",
                "2x0 a\r\n",
                " 250 a\r\n",
                "2500\r\n",
                "199 a\r\n",
                "600 a\r\n",
                "250-a\r\n550 b\r\n",
                "250=a\r\n"
            })
    void invalidRepliesAreUnreadable(String sent) {
        isUnreadable(sent);
    }

    private static void isUnreadable(String sent) {
        assertThatThrownBy(() -> reader(sent, 1000).read(null)).isInstanceOf(UnreadableReplyException.class);
    }

    private static SmtpReplyReader reader(String sent, int octetsAtATime) {
        InputStream all = new ByteArrayInputStream(sent.getBytes(StandardCharsets.UTF_8));
        return new SmtpReplyReader(new InputStream() {
            @Override
            public int read() throws IOException {
                return all.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return all.read(buffer, offset, Math.min(length, octetsAtATime));
            }
        });
    }
}

package ums.provider.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** The octets that the next write to the server sends. It grows to the largest write and is used again and again. */
final class SmtpWriteBuffer {

    private byte[] buffer = new byte[4 * 1024];
    private int length;

    int length() {
        return length;
    }

    void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    void put(byte[] source, int from, int count) {
        if (buffer.length - length < count) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + count));
        }
        System.arraycopy(source, from, buffer, length, count);
        length += count;
    }

    /** Writes everything in one call, and is empty afterwards even where that fails. */
    void writeTo(OutputStream out) throws IOException {
        try {
            out.write(buffer, 0, length);
        } finally {
            length = 0;
        }
    }
}

package ums.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a client's input: commands and headers line by line, and of a mail's body only the length. */
final class SmtpInput {

    private static final int SIZE = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[SIZE];
    private int next;
    private int end;

    SmtpInput(InputStream in) {
        this.in = in;
    }

    /** A line without its line break. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = read(); c != '\n'; c = read()) {
            if (c != '\r') {
                line.append((char) (c & 0xff));
            }
        }
        return line.toString();
    }

    /**
     * Skips from the beginning of a line to the end of the final dot's line.
     *
     * @return how many octets were before that line
     */
    long skipToDot() throws IOException {
        long octets = 0;
        long lineBegan = 0;
        boolean begins = true;
        boolean onlyDot = false;
        while (true) {
            int c = read();
            octets++;
            if (c == '\n') {
                if (onlyDot) {
                    return lineBegan;
                }
                lineBegan = octets;
                begins = true;
            } else if (begins) {
                begins = false;
                onlyDot = c == '.';
            } else if (c != '\r') {
                onlyDot = false;
            }
        }
    }

    private int read() throws IOException {
        if (next == end) {
            end = Math.max(0, in.read(buffer));
            next = 0;
            if (end == 0) {
                throw new EOFException();
            }
        }
        return buffer[next++];
    }
}

package ums;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which a test says what no decent client would. */
public final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;

    public RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** Says something, each character an octet. */
    public RawHttp say(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    /** Everything the server says until it closes; what a reset cut off is left out. */
    public String readAll() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[8192];
        try {
            int got;
            while ((got = in.read(chunk)) >= 0) {
                read.write(chunk, 0, got);
            }
        } catch (java.net.SocketException e) {
            // The server had no more patience than this.
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** One octet of the answer, waited for so long; -1 where the server closed, -2 where it said nothing. */
    public int hear(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            return -2;
        } catch (java.net.SocketException e) {
            return -1;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** The status in an answer's first line; 0 where there is none. */
    public static int status(String answer) {
        return answer.matches("(?s)HTTP/1\\.1 [1-5][0-9][0-9].*") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

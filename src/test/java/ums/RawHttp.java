package ums;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection for requests that no HTTP client would send. */
public final class RawHttp implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;

    public RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** Sends a text, each character as an octet. */
    public RawHttp send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    /** Reads until the server closes or resets the connection. */
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
            // The server reset the connection.
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** Reads an octet within this time; -1 if the server has closed the connection, -2 if it sent nothing. */
    public int read(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            return -2;
        } catch (java.net.SocketException e) {
            return -1;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    /** The status in a response's first line; 0 if there is none. */
    public static int status(String answer) {
        return answer.matches("(?s)HTTP/1\\.1 [1-5][0-9][0-9].*") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package ums.web.guard;

import java.nio.charset.StandardCharsets;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * Takes a {@code Host} with underscores (RFC 3986 section 3.2.2 allows them), which Tomcat answers with 400, without a
 * setting for it. What else a host must be is still Tomcat's to say: it reads one with letters in their places.
 */
final class UnderscoreProcessor extends Http11Processor {

    UnderscoreProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
        super(protocol, adapter);
    }

    @Override
    protected void parseHost(MessageBytes host) {
        if (host == null || host.isNull() || host.getByteChunk().indexOf('_', 0) < 0) {
            super.parseHost(host);
            return;
        }
        String said = host.toString();
        byte[] lettered = said.replace('_', 'x').getBytes(StandardCharsets.ISO_8859_1);
        MessageBytes readable = MessageBytes.newInstance();
        readable.setBytes(lettered, 0, lettered.length);
        super.parseHost(readable);
        MessageBytes name = request.serverName();
        if (!getErrorState().isError() && !name.isNull()) {
            name.setString(said.substring(0, name.getLength()));
        }
    }
}

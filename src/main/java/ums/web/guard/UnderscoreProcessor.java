package ums.web.guard;

import java.nio.charset.StandardCharsets;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * Accepts a {@code Host} with underscores (allowed by RFC 3986 section 3.2.2), which Tomcat answers with 400 and has no
 * setting for. All other checks remain Tomcat's: it parses the name with letters in place of the underscores.
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
        String original = host.toString();
        byte[] substituted = original.replace('_', 'x').getBytes(StandardCharsets.ISO_8859_1);
        MessageBytes readable = MessageBytes.newInstance();
        readable.setBytes(substituted, 0, substituted.length);
        super.parseHost(readable);
        MessageBytes name = request.serverName();
        if (!getErrorState().isError() && !name.isNull()) {
            name.setString(original.substring(0, name.getLength()));
        }
    }
}

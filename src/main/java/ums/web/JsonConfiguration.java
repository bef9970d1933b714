package ums.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * How responses are written: instants in UTC with exactly three fraction digits (RFC 3339), and bodies with a
 * Content-Length, as the last chunk of a chunked response costs a write and a packet of its own.
 */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

    private static final int USUAL_LENGTH = 256;

    @Bean
    JacksonModule instantsWithMilliseconds() {
        return new SimpleModule().addSerializer(Instant.class, new InstantSerializer());
    }

    /** Replaces Spring Boot's converter, and comes after the one that passes byte arrays through. */
    @Bean
    ServerHttpMessageConvertersCustomizer unchunkedResponses(JsonMapper mapper) {
        return converters -> converters.withJsonConverter(new JacksonJsonHttpMessageConverter(mapper) {
            @Override
            protected void writeInternal(
                    Object body, ResolvableType type, HttpOutputMessage response, @Nullable Map<String, Object> hints)
                    throws IOException {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH);
                super.writeInternal(body, type, new BufferedMessage(response.getHeaders(), bytes), hints);
                response.getHeaders().setContentLength(bytes.size());
                bytes.writeTo(response.getBody());
            }
        });
    }

    private record BufferedMessage(HttpHeaders headers, OutputStream body) implements HttpOutputMessage {

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public OutputStream getBody() {
            return body;
        }
    }

    private static final class InstantSerializer extends ValueSerializer<Instant> {

        private static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(FORMAT.format(value));
        }
    }
}

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
 * How answers are written: instants in UTC with milliseconds, always three digits (RFC 3339), and in one piece with their
 * length, as the end of a chunked one would be a write and a packet of its own.
 */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

    private static final int USUAL_LENGTH = 256;

    @Bean
    JacksonModule instantsWithMilliseconds() {
        return new SimpleModule().addSerializer(Instant.class, new InstantSerializer());
    }

    /** In place of Spring Boot's own, and behind the converter that hands bodies over as they came. */
    @Bean
    ServerHttpMessageConvertersCustomizer answersInOnePiece(JsonMapper mapper) {
        return converters -> converters.withJsonConverter(new JacksonJsonHttpMessageConverter(mapper) {
            @Override
            protected void writeInternal(
                    Object body, ResolvableType type, HttpOutputMessage answer, @Nullable Map<String, Object> hints)
                    throws IOException {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH);
                super.writeInternal(body, type, new Whole(answer.getHeaders(), bytes), hints);
                answer.getHeaders().setContentLength(bytes.size());
                bytes.writeTo(answer.getBody());
            }
        });
    }

    private record Whole(HttpHeaders headers, OutputStream body) implements HttpOutputMessage {

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

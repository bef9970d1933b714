package ums.web.guard;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import ums.web.Problem;
import ums.web.ProblemException;
import ums.web.ProblemWriter;

/**
 * Reads the console's forms before authentication, as their CSRF token is checked first. Length, time, memory and
 * number of fields are bounded, which the container's own parser does not do.
 */
class FormFilter extends OncePerRequestFilter {

    private static final DataSize MAX_LENGTH = DataSize.ofKilobytes(256);
    private static final DataSize MAX_TOTAL = DataSize.ofMegabytes(16);
    private static final Problem TOO_LARGE = Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "REQUEST_TOO_LARGE",
            "A form of the console is at most " + MAX_LENGTH.toKilobytes() + " KB.");
    /** Tomcat's limit for a query string. The longest form of the console has a field for each of 50 failures. */
    private static final int MAX_FIELDS = 1_000;

    private static final Problem TOO_MANY_FIELDS = Problem.of(
            HttpStatus.BAD_REQUEST, "TOO_MANY_FIELDS", "A form of the console has at most " + MAX_FIELDS + " fields.");
    private static final Problem UNREADABLE =
            Problem.of(HttpStatus.BAD_REQUEST, "MALFORMED_FORM", "The form cannot be read.");

    private final Duration timeout;
    private final ProblemWriter writer;
    private final ClientAddresses callers;
    private final FairQuota memory = new FairQuota(MAX_TOTAL.toBytes());

    FormFilter(LimitsProperties limits, ClientAddresses callers, ProblemWriter writer) {
        this.timeout = limits.readTimeout();
        this.callers = callers;
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!isForm(request.getContentType())) {
            chain.doFilter(request, response);
            return;
        }
        if (request.getContentLengthLong() > MAX_LENGTH.toBytes()) {
            writer.write(response, TOO_LARGE);
            return;
        }
        try (BodyMemory use = new BodyMemory(memory, callers.of(request))) {
            Map<String, String[]> fields;
            try (BoundedStream body =
                    new BoundedStream(request.getInputStream(), MAX_LENGTH, timeout, TOO_LARGE, use)) {
                fields = fields(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            } catch (ProblemException e) {
                writer.write(response, e.problem());
                return;
            } catch (IllegalArgumentException _) {
                writer.write(response, UNREADABLE);
                return;
            }
            chain.doFilter(new Form(request, fields), response);
        }
    }

    private static boolean isForm(@Nullable String contentType) {
        return contentType != null
                && contentType.regionMatches(
                        true,
                        0,
                        MediaType.APPLICATION_FORM_URLENCODED_VALUE,
                        0,
                        MediaType.APPLICATION_FORM_URLENCODED_VALUE.length());
    }

    /**
     * Parses application/x-www-form-urlencoded in UTF-8. Linear in the body's length, as the sender is not
     * authenticated yet.
     */
    private static Map<String, String[]> fields(String body) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        int end;
        for (int start = 0; start < body.length(); start = end + 1) {
            int next = body.indexOf('&', start);
            end = next < 0 ? body.length() : next;
            if (end == start) {
                continue;
            }
            if (++count > MAX_FIELDS) {
                throw new ProblemException(TOO_MANY_FIELDS);
            }
            String field = body.substring(start, end);
            int equals = field.indexOf('=');
            String name = decoded(equals < 0 ? field : field.substring(0, equals));
            String value = equals < 0 ? "" : decoded(field.substring(equals + 1));
            fields.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
        }
        Map<String, String[]> read = LinkedHashMap.newLinkedHashMap(fields.size());
        fields.forEach((name, values) -> read.put(name, values.toArray(String[]::new)));
        return read;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The form's fields are the only parameters: those of the query string are ignored. */
    private static final class Form extends HttpServletRequestWrapper {

        private final Map<String, String[]> fields;

        Form(HttpServletRequest request, Map<String, String[]> fields) {
            super(request);
            this.fields = Collections.unmodifiableMap(fields);
        }

        @Override
        public @Nullable String getParameter(String name) {
            String[] values = fields.get(name);
            return values == null ? null : values[0];
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            String[] values = fields.get(name);
            return values == null ? null : values.clone();
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return fields;
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.enumeration(fields.keySet());
        }
    }
}

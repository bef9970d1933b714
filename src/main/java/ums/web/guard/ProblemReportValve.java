package ums.web.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Reports errors that Tomcat itself raises, such as for an encoded slash, as problems (RFC 9457) and not as Tomcat's
 * HTML.
 *
 * <p>Public, with a no-argument constructor, as Tomcat instantiates it by name.
 */
public class ProblemReportValve extends ErrorReportValve {

    private static final String UNREADABLE =
            "\"detail\":\"The address, the Host or another header is not as HTTP has it.\",";

    @Override
    protected void report(Request request, Response response, @Nullable Throwable fault) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String detail = status == HttpStatus.BAD_REQUEST ? UNREADABLE : "";
        byte[] body = "{\"title\":\"%s\",\"status\":%s,%s\"code\":\"%s\"}"
                .formatted(status.getReasonPhrase(), status.value(), detail, status.name())
                .getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException _) {
            // The client has disconnected.
        }
    }
}

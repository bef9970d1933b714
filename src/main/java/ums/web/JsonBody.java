package ums.web;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses a request's body as one JSON object: bounded depth, no duplicate members, no trailing tokens. */
@Component
public class JsonBody {

    private static final int MAX_DEPTH = 20;
    private static final int MAX_NAME = 1_000;

    /** A batch of 1,000 messages with 100 recipients each fits; a body of ten million tiny values does not. */
    private static final int MAX_TOKENS = 500_000;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** @throws ProblemException 400 if the body is not a JSON object */
    public JsonNode parse(byte[] body) {
        JsonNode value;
        try {
            value = json.readTree(body);
        } catch (JacksonException e) {
            throw malformed(describe(e));
        }
        if (!value.isObject()) {
            throw malformed("The body must be a JSON object.");
        }
        return value;
    }

    /** A 400 for a value that is not JSON, or not of the required type. */
    public static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(HttpStatus.BAD_REQUEST, "MALFORMED_JSON", detail));
    }

    /** Jackson's own message is not used, as it may repeat the input. */
    private static String describe(JacksonException e) {
        return e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? "The body is not JSON."
                : "The body is not JSON, or has a member twice, or is nested too deep, or has too many values: see line "
                        + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ".";
    }
}

package ums.web;

import tools.jackson.databind.json.JsonMapper;

/** Creates a {@link ProblemWriter} for tests in other packages. */
public final class TestProblemWriter {

    private TestProblemWriter() {}

    public static ProblemWriter with(JsonMapper json) {
        return new ProblemWriter(json);
    }
}

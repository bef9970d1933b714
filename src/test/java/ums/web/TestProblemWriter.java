package ums.web;

import tools.jackson.databind.json.JsonMapper;

/** Makes what only Spring can make outside its package. */
public final class TestProblemWriter {

    private TestProblemWriter() {}

    public static ProblemWriter with(JsonMapper json) {
        return new ProblemWriter(json);
    }
}

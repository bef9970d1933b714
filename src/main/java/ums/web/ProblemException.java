package ums.web;

/** Ends a request with a {@link Problem}. */
public class ProblemException extends RuntimeException {

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.code());
        this.problem = problem;
    }

    /** The problem that the caller gets. */
    public Problem problem() {
        return problem;
    }
}

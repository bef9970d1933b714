package ums.channel;

import java.util.List;

/** The content cannot be sent on the channel. Nothing was stored. */
public class InvalidContentException extends RuntimeException {

    private final transient List<Violation> violations;

    /** @param violations at least one */
    public InvalidContentException(List<Violation> violations) {
        super(violations.size() + " violation(s), the first at "
                + violations.getFirst().pointer());
        this.violations = List.copyOf(violations);
    }

    /** Every violation found, at least one. */
    public List<Violation> violations() {
        return violations;
    }
}

package ums.channel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message says, in its channel's own terms: the ledger, the queue and the dispatcher keep it and hand it on, and only its
 * channel and the channel's providers read it. Each channel has a record of this type. Immutable.
 */
public interface Content {

    /** The form in which the ledger keeps it; {@link Form#stored(String, String)} is the way back. */
    Stored stored();

    /**
     * Its fields as the API shows them, in the sequence of the channel's form.
     *
     * @param whole false leaves out the fields that can be long
     */
    Map<String, Object> view(boolean whole);

    /** What people read first. */
    Preview preview();

    /**
     * A content as JSON.
     *
     * @param summary the fields that lists show
     * @param rest the others, which can be long
     */
    record Stored(String summary, String rest) {

        /** The length in characters. */
        public int length() {
            return summary.length() + rest.length();
        }
    }

    /**
     * What the console shows of a content.
     *
     * @param title a line for lists, or null
     * @param text the text, or null
     * @param html the text as HTML, or null
     * @param lines what else it says
     */
    record Preview(
            @Nullable String title,
            @Nullable String text,
            @Nullable String html,
            List<Line> lines) {}

    /**
     * One thing that a content says beside its text.
     *
     * @param name what it is called in the channel's own terms
     * @param values at least one
     */
    record Line(String name, List<String> values) {}
}

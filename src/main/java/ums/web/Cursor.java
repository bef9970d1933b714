package ums.web;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.springframework.http.HttpStatus;

/** Where a page of a list ends: an opaque string that callers pass back unchanged. */
public final class Cursor {

    private Cursor() {}

    /** The cursor after a row. */
    public static String after(UUID id) {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws ProblemException if {@link #after} did not make the cursor */
    public static UUID read(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == 16) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                return new UUID(buffer.getLong(), buffer.getLong());
            }
        } catch (IllegalArgumentException _) {
            // Reported below.
        }
        throw new ProblemException(Problem.of(
                HttpStatus.BAD_REQUEST, "INVALID_PARAMETER", "\"cursor\" is not a nextCursor of this list."));
    }
}

package ums.web.guard;

/** Which characters a header of a request may have; Tomcat reads each octet as one (ISO 8859-1). */
final class HeaderCharacters {

    private HeaderCharacters() {}

    /** No control characters. */
    static boolean fitName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isOther(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * No control characters but tabs. What looks like one of ISO 8859-1's (0x80 to 0x9F) is an octet of a letter in UTF-8,
     * and allowed (RFC 9110 section 5.5: {@code obs-text}); whoever uses a value as text reads it as UTF-8 first.
     */
    static boolean fitValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character < ' ' && character != '\t' || character == 0x7f || character > 0xff) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOther(char character) {
        return character < ' ' || character >= 0x7f && character <= 0x9f || character > 0xff;
    }
}

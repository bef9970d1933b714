package ums.web.guard;

/** The characters allowed in request headers. Tomcat decodes each octet as one character (ISO 8859-1). */
final class HeaderCharacters {

    private HeaderCharacters() {}

    /** Whether a name has no control characters. */
    static boolean fitName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isControl(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a value has no control characters other than tabs. 0x80 to 0x9F are control characters in ISO 8859-1 but
     * parts of letters in UTF-8, and allowed (RFC 9110 section 5.5: {@code obs-text}); code that uses a value as text
     * decodes it as UTF-8 first.
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

    private static boolean isControl(char character) {
        return character < ' ' || character >= 0x7f && character <= 0x9f || character > 0xff;
    }
}

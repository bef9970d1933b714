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

    /** No control characters but tabs. */
    static boolean fitValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character != '\t' && isOther(character)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOther(char character) {
        return character < ' ' || character >= 0x7f && character <= 0x9f || character > 0xff;
    }
}

package ums.contact;

/** A preference exceeds what the law lets a customer block. Nothing was stored. */
public class PreferenceTooBroadException extends RuntimeException {

    private final String pointer;

    PreferenceTooBroadException(String pointer, String message) {
        super(message);
        this.pointer = pointer;
    }

    /** A JSON pointer to the part that exceeds it. */
    public String pointer() {
        return pointer;
    }
}

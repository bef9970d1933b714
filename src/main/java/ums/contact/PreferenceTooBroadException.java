package ums.contact;

/** A customer asks to be spared more than the law lets him. Nothing was stored. */
public class PreferenceTooBroadException extends RuntimeException {

    private final String pointer;

    PreferenceTooBroadException(String pointer, String message) {
        super(message);
        this.pointer = pointer;
    }

    /** What is too much, as a JSON pointer into the preference. */
    public String pointer() {
        return pointer;
    }
}

package ums.provider;

/** Ends the start: accounts or routes are not valid. The message names the property. */
public final class InvalidProvidersException extends RuntimeException {

    InvalidProvidersException(String property, String why) {
        super(property + " is not valid: " + why + ".");
    }
}

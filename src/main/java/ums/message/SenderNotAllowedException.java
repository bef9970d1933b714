package ums.message;

/** The API key is not for the sender address. Nothing was stored. */
public class SenderNotAllowedException extends RuntimeException {

    SenderNotAllowedException() {
        super("the key may not send as this address");
    }
}

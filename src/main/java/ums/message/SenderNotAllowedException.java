package ums.message;

/** A key was used to send as an address that it is not for. Nothing was stored. */
public class SenderNotAllowedException extends RuntimeException {

    SenderNotAllowedException() {
        super("the key may not send as this address");
    }
}

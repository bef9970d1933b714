package ums.message;

/** An idempotency key was sent again with another request. Nothing was stored. */
public class IdempotencyKeyReusedException extends RuntimeException {

    /** Called by the packages that store idempotency keys: message and loan. */
    public IdempotencyKeyReusedException() {
        super("the idempotency key stands for another request");
    }
}

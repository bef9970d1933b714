package ums.message;

/** An idempotency key was sent again with another request. Nothing was stored. */
public class IdempotencyKeyReusedException extends RuntimeException {

    IdempotencyKeyReusedException() {
        super("the idempotency key stands for another request");
    }
}

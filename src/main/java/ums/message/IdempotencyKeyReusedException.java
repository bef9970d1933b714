package ums.message;

/** An idempotency key was sent again with another request. Nothing was stored. */
public class IdempotencyKeyReusedException extends RuntimeException {

    /** Called by whoever keeps keys: the ledger, and businesses in this process. */
    public IdempotencyKeyReusedException() {
        super("the idempotency key stands for another request");
    }
}

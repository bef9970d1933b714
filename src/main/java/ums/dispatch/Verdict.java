package ums.dispatch;

import java.time.Instant;
import ums.message.LastError;

/** What follows an attempt. */
sealed interface Verdict {

    /** Somebody has it and nobody is left to try; those who were refused for good are told by the recipients. */
    record Sent() implements Verdict {}

    /** Somebody has not got it yet: another attempt, at that moment. */
    record Retry(Instant at, LastError error) implements Verdict {}

    /** The attempt says nothing about the message and does not count: back into the queue, until that moment. */
    record Release(Instant at, LastError error) implements Verdict {}

    /** Nobody has it and nobody is left to try. */
    record Failed(LastError error) implements Verdict {}

    /** A person decides. */
    record Review(LastError error) implements Verdict {}
}

package ums.message;

/** What a message is for; contact rules apply to {@link #COLLECTION} only. */
public enum Purpose {
    NORMAL,
    COLLECTION,
    LEGAL_NOTICE
}

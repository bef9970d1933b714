package ums.message;

/** The purpose of a message; contact rules apply to {@link #COLLECTION} only. */
public enum Purpose {
    NORMAL,
    COLLECTION,
    LEGAL_NOTICE
}

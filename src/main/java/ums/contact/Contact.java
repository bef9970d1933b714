package ums.contact;

/**
 * What a contact counts towards.
 *
 * @param client the client of the message
 * @param test true for a test message, which counts among test messages only
 * @param reference the debt or case that it is about
 * @param channel the means of contact
 */
record Contact(String client, boolean test, String reference, String channel) {}

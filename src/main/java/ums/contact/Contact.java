package ums.contact;

/**
 * What a contact counts for.
 *
 * @param client whose message it is
 * @param test true where it never leaves the machine: it counts among its like only
 * @param reference what it is about
 * @param channel by which means
 */
record Contact(String client, boolean test, String reference, String channel) {}

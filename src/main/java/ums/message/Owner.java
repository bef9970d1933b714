package ums.message;

/**
 * The owner of a message. The live and the test messages of a client are separate: a key of one mode cannot see, change or
 * replay messages of the other.
 *
 * @param client the client
 * @param test true for messages of its test keys
 */
public record Owner(String client, boolean test) {}

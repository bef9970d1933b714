package ums.access;

/**
 * Who administrates, as this process knows it.
 *
 * @param username the name
 * @param password the password in clear, from the configuration or generated; never logged
 */
public record AdminAccount(String username, String password) {

    /** Without the password, so that it cannot reach a log. */
    @Override
    public String toString() {
        return username;
    }
}

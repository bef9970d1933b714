package ums.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The admins.
 *
 * @param username the first admin's name, for HTTP Basic and the console; admin
 * @param password the first admin's password, in clear or as {@code {bcrypt}} and its hash; unset: generated at the first start
 * @param users further admins, each with a name, a password and a role
 */
@ConfigurationProperties("ums.admin")
record AdminProperties(
        @DefaultValue("admin") String username,
        @Nullable String password,
        @DefaultValue List<User> users) {

    AdminProperties {
        users = List.copyOf(users);
        Set<String> names = new HashSet<>();
        names.add(checkedName("ums.admin.username", username));
        if (password != null && !password.isEmpty()) {
            Passwords.check("ums.admin.password", password);
        }
        for (int i = 0; i < users.size(); i++) {
            String property = "ums.admin.users[" + i + "].";
            if (!names.add(checkedName(property + "name", users.get(i).name()))) {
                throw new IllegalArgumentException(property + "name is another account's already");
            }
            Passwords.check(property + "password", users.get(i).password());
        }
    }

    /** Whether the first admin's password is to be generated. */
    boolean isPasswordUnset() {
        return password == null || password.isEmpty();
    }

    /** A colon would end the name in HTTP Basic (RFC 7617 section 2). */
    private static String checkedName(String property, @Nullable String name) {
        if (name == null
                || name.isBlank()
                || name.length() > 64
                || name.chars().anyMatch(it -> it == ':' || Character.isISOControl(it))) {
            throw new IllegalArgumentException(
                    property + " must be 1 to 64 characters, without colons and control characters");
        }
        return name;
    }

    /** Without the password, so that it cannot reach a log. */
    @Override
    public String toString() {
        return username;
    }

    /**
     * A further admin.
     *
     * @param name for HTTP Basic, the console and the audit log
     * @param password in clear, or as {@code {bcrypt}} and its hash
     * @param role viewer, operator or admin; viewer
     */
    record User(
            String name,
            String password,
            @DefaultValue("viewer") AdminRole role) {

        /** Without the password, so that it cannot reach a log. */
        @Override
        public String toString() {
            return name;
        }
    }
}

package ums.access;

import java.util.List;

/** The configured admins, with passwords as BCrypt hashes only. */
record AdminAccounts(List<Account> all) {

    /**
     * An admin's account.
     *
     * @param hash the password's BCrypt hash
     */
    record Account(Admin admin, String hash) {

        /** Without the hash, so that it cannot reach a log. */
        @Override
        public String toString() {
            return admin.toString();
        }
    }
}

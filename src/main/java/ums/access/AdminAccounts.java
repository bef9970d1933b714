package ums.access;

import java.util.List;

/** Who administrates, as this process knows it: passwords as BCrypt hashes only. */
record AdminAccounts(List<Account> all) {

    /**
     * One account.
     *
     * @param hash of its password, as BCrypt writes it
     */
    record Account(Admin admin, String hash) {

        /** Without the hash, so that it cannot reach a log. */
        @Override
        public String toString() {
            return admin.toString();
        }
    }
}

package ums.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Log-ins of admins are granted, refused, or told to wait. */
class AdminLoginTest {

    private static final String HERE = "192.0.2.1";
    private static final String ELSEWHERE = "192.0.2.2";

    private final AtomicLong time = new AtomicLong();
    private final AdminLogin login = new AdminLogin(
            new AdminAccounts(List.of(
                    account("kim", AdminRole.ADMIN, "{bcrypt}" + Passwords.hash("the right one")),
                    account("lee", AdminRole.VIEWER, "another"))),
            time::get);

    @Test
    void theRightPasswordGrantsTheAccountsRole() {
        assertThat(login.check("kim", "the right one", HERE))
                .isEqualTo(new AdminLogin.Granted(new Admin("kim", AdminRole.ADMIN)));
        assertThat(login.check("lee", "another", HERE))
                .isEqualTo(new AdminLogin.Granted(new Admin("lee", AdminRole.VIEWER)));
    }

    @Test
    void anUnknownNameAndAWrongPasswordGetTheSameResult() {
        assertThat(login.check("kim", "another", HERE)).isEqualTo(new AdminLogin.Refused());
        assertThat(login.check("nobody", "another", HERE)).isEqualTo(new AdminLogin.Refused());
        assertThat(login.check("", "", HERE)).isEqualTo(new AdminLogin.Refused());
        assertThat(login.check("kim", "the right one".repeat(20), HERE)).isEqualTo(new AdminLogin.Refused());
    }

    @Test
    void afterTenFailuresWithinAMinuteAnAddressWaitsUntilTheFirstIsAMinuteOld() {
        for (int i = 0; i < 10; i++) {
            assertThat(login.check("kim", "wrong " + i, HERE)).isEqualTo(new AdminLogin.Refused());
            pass(Duration.ofSeconds(1));
        }

        assertThat(login.check("kim", "the right one", HERE)).isEqualTo(new AdminLogin.TooMany(50));
        assertThat(login.check("kim", "the right one", ELSEWHERE)).isInstanceOf(AdminLogin.Granted.class);

        pass(Duration.ofSeconds(49));
        assertThat(login.check("kim", "the right one", HERE)).isEqualTo(new AdminLogin.TooMany(1));
        pass(Duration.ofSeconds(1));
        assertThat(login.check("kim", "the right one", HERE)).isInstanceOf(AdminLogin.Granted.class);
    }

    @Test
    void aRememberedPasswordDoesNotLiftTheThrottleForAnotherAddress() {
        assertThat(login.check("kim", "the right one", HERE)).isInstanceOf(AdminLogin.Granted.class);
        for (int i = 0; i < 10; i++) {
            assertThat(login.check("kim", "wrong " + i, ELSEWHERE)).isEqualTo(new AdminLogin.Refused());
        }

        assertThat(login.check("kim", "the right one", ELSEWHERE)).isInstanceOf(AdminLogin.TooMany.class);
        assertThat(login.check("kim", "the right one", HERE)).isInstanceOf(AdminLogin.Granted.class);
    }

    @Test
    void aThousandRequestsOfAnAdminCostOneHash() {
        login.check("kim", "the right one", HERE);

        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThat(login.check("kim", "the right one", HERE)).isInstanceOf(AdminLogin.Granted.class);
        }
        // A thousand hashes would take a minute; the bound only has to lie far below that.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    private static AdminAccounts.Account account(String name, AdminRole role, String password) {
        return new AdminAccounts.Account(new Admin(name, role), Passwords.hash(password));
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }
}

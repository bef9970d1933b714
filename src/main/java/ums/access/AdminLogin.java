package ums.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.stereotype.Service;

/**
 * Authenticates admins. BCrypt is slow on purpose, so a correct password is remembered for a minute, as a MAC under a key that
 * only this process knows. One password is hashed at a time, so that a flood of log-ins takes one core at most. After ten
 * failures within a minute, an address has to wait.
 */
@Service
public class AdminLogin {

    private static final String MAC = "HmacSHA256";
    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(1);
    private static final long LONGEST_WAIT_SECONDS = 5;

    private final Map<String, AdminAccounts.Account> accounts;
    private final List<String> decoys;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
    private final LoginThrottle throttle;
    private final LongSupplier nanoTime;
    private final ReentrantLock hashing = new ReentrantLock(true);
    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder();
    private final SecretKeySpec macKey;

    @Autowired
    AdminLogin(AdminAccounts accounts) {
        this(accounts, System::nanoTime);
    }

    AdminLogin(AdminAccounts accounts, LongSupplier nanoTime) {
        this.accounts = accounts.all().stream()
                .collect(Collectors.toUnmodifiableMap(it -> it.admin().name(), Function.identity()));
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        this.macKey = new SecretKeySpec(key, MAC);
        this.decoys = accounts.all().stream()
                .map(it -> Passwords.strength(it.hash()))
                .distinct()
                .map(it -> new BCryptPasswordEncoder(it).encode("nobody's password"))
                .toList();
        this.throttle = new LoginThrottle(nanoTime);
        this.nanoTime = nanoTime;
    }

    /**
     * Checks a name and a password. It takes as long for an unknown name as for a wrong password.
     *
     * @param address the caller's address; failures are counted by it
     */
    public Result check(String name, String password, String address) {
        long wait = throttle.secondsToWait(address);
        if (wait > 0) {
            return new TooMany(wait);
        }
        AdminAccounts.@Nullable Account account = accounts.get(name);
        byte[] mac = mac(name, password);
        if (account != null && isRemembered(name, mac)) {
            return new Granted(account.admin());
        }
        if (!lock()) {
            return new TooMany(LONGEST_WAIT_SECONDS);
        }
        try {
            return hashed(account, name, password, mac, address);
        } finally {
            hashing.unlock();
        }
    }

    private Result hashed(
            AdminAccounts.@Nullable Account account, String name, String password, byte[] mac, String address) {
        long wait = throttle.secondsToWait(address);
        if (wait > 0) {
            return new TooMany(wait);
        }
        if (account != null && (isRemembered(name, mac) || matches(password, account.hash()))) {
            remembered.computeIfAbsent(name, _ -> new Remembered(mac, nanoTime.getAsLong()));
            return new Granted(account.admin());
        }
        int spent = account == null ? 0 : Passwords.strength(account.hash());
        for (String decoy : decoys) {
            if (Passwords.strength(decoy) != spent) {
                matches(password, decoy);
            }
        }
        throttle.failed(address);
        return new Refused();
    }

    /** BCrypt uses only the first 72 bytes, so a longer password would match with any ending. */
    private boolean matches(String password, String hash) {
        boolean fits = password.getBytes(StandardCharsets.UTF_8).length <= Passwords.MAX_BYTES;
        return encoder.matches(fits ? password : "", hash) && fits;
    }

    private boolean isRemembered(String name, byte[] mac) {
        Remembered last = remembered.get(name);
        if (last == null) {
            return false;
        }
        if (nanoTime.getAsLong() - last.at() >= REMEMBERED) {
            remembered.remove(name, last);
            return false;
        }
        return MessageDigest.isEqual(last.mac(), mac);
    }

    /** A name has no colon, so no two pairs of name and password give the same text. */
    private byte[] mac(String name, String password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(macKey);
            return mac.doFinal((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private boolean lock() {
        try {
            return hashing.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The result of a log-in. */
    public sealed interface Result {}

    /** The password is right. */
    public record Granted(Admin admin) implements Result {}

    /** There is no such account, or the password is wrong. */
    public record Refused() implements Result {}

    /**
     * The password was not checked, because there are too many log-ins.
     *
     * @param seconds how long to wait before the next try
     */
    public record TooMany(long seconds) implements Result {}

    private record Remembered(byte[] mac, long at) {}
}

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
 * Tells whether somebody is who he says he is. BCrypt is slow on purpose, so what it found right is remembered for a
 * minute, as a MAC under a key that only this process knows. One password is hashed at a time: a flood of log-ins costs
 * one core at most, and ten wrong ones from an address are all that are looked at in a minute.
 */
@Service
public class AdminLogin {

    private static final String MAC = "HmacSHA256";
    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(1);
    private static final long PATIENCE_SECONDS = 5;

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
     * Looks at a name and a password. An unknown name costs as much time as a wrong password.
     *
     * @param address from where they come, whatever tells callers apart
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
            return new TooMany(PATIENCE_SECONDS);
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

    /** BCrypt looks at 72 bytes only, so a longer password would be right with any ending. */
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

    /** The name cannot hold a colon, so no two pairs read the same. */
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
            return hashing.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What came of a log-in. */
    public sealed interface Result {}

    /** He is who he says. */
    public record Granted(Admin admin) implements Result {}

    /** No such account, or another password. */
    public record Refused() implements Result {}

    /**
     * Nobody looked.
     *
     * @param seconds after which somebody will
     */
    public record TooMany(long seconds) implements Result {}

    private record Remembered(byte[] mac, long at) {}
}

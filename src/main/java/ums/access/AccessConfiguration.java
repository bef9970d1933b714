package ums.access;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import ums.audit.AuditLog;
import ums.sandbox.UmsHome;

/** The admins' accounts, and in the sandbox a first API key. Generated ones are kept in a file for later starts. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    /** The name of the key in the file. Each start creates the key if it does not exist. */
    static final String SANDBOX_KEY = "sandbox.env";

    private static final Logger log = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final String URL = "UMS_URL";
    private static final String KEY = "UMS_API_KEY";
    private static final String USER = "UMS_ADMIN_USER";
    private static final String PASSWORD = "UMS_ADMIN_PASSWORD";

    private final CredentialsFile file;
    private final boolean sandbox;

    AccessConfiguration(UmsHome home, @Value("${spring.datasource.url:}") String databaseUrl) {
        this.sandbox = databaseUrl.isEmpty();
        this.file = new CredentialsFile(home.folder().resolve(sandbox ? "sandbox.env" : "admin.env"));
    }

    /** A password in the file stays there in clear, for the operator to read; this process keeps hashes only. */
    @Bean
    AdminAccounts adminAccounts(AdminProperties properties) {
        List<AdminAccounts.Account> accounts = new ArrayList<>();
        accounts.add(account(properties.username(), AdminRole.ADMIN, firstPassword(properties)));
        properties.users().forEach(it -> accounts.add(account(it.name(), it.role(), it.password())));
        return new AdminAccounts(List.copyOf(accounts));
    }

    /** Runs before the process is ready, so that the file exists once it is. */
    @Bean
    ApplicationRunner sandboxCredentials(ApiKeys keys, Environment environment) {
        return _ -> {
            if (sandbox) {
                writeSandboxFile(keys, environment);
            }
        };
    }

    private static AdminAccounts.Account account(String name, AdminRole role, String password) {
        return new AdminAccounts.Account(new Admin(name, role), Passwords.hash(password));
    }

    /** The configured password, else the one in the file, else a generated one, which is written to the file. */
    private String firstPassword(AdminProperties properties) {
        String configured = properties.password();
        if (configured != null && !properties.isPasswordUnset()) {
            if (sandbox) {
                keepInFile(properties.username(), Passwords.isHash(configured) ? "" : configured);
            }
            return configured;
        }
        String kept = file.read().getOrDefault(PASSWORD, "");
        String password = kept.isEmpty() ? generate() : kept;
        keepInFile(properties.username(), password);
        if (!sandbox) {
            log.warn("ums.admin.password is not set: a generated one is in {}", file);
        }
        return password;
    }

    private void keepInFile(String username, String password) {
        Map<String, String> values = new LinkedHashMap<>(file.read());
        values.put(USER, username);
        values.put(PASSWORD, password);
        file.write(values);
    }

    private void writeSandboxFile(ApiKeys keys, Environment environment) {
        Map<String, String> kept = file.read();
        String key = kept.get(KEY);
        KeyRequest request = KeyRequest.unrestricted("sandbox", SANDBOX_KEY);
        if (key == null) {
            key = keys.create(AuditLog.UMS, request).secret();
        } else {
            keys.ensure(key, request);
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put(URL, url(environment));
        values.put(KEY, key);
        values.put(USER, kept.getOrDefault(USER, ""));
        values.put(PASSWORD, kept.getOrDefault(PASSWORD, ""));
        file.write(values);
        log.info("Credentials for a first message: source {}", file);
    }

    private static String url(Environment environment) {
        boolean tls = environment.getProperty(
                "server.ssl.enabled", Boolean.class, environment.containsProperty("server.ssl.bundle"));
        return (tls ? "https://" : "http://") + host(environment.getProperty("server.address", "127.0.0.1")) + ":"
                + environment.getProperty("local.server.port", "8080");
    }

    /** The host for a URL (RFC 3986 section 3.2.2): IPv6 in brackets, and loopback for the address of all interfaces. */
    static String host(String address) {
        String host =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        try {
            if (host.isEmpty() || InetAddress.ofLiteral(host).isAnyLocalAddress()) {
                return "127.0.0.1";
            }
        } catch (IllegalArgumentException _) {
            // It is a name and no address.
        }
        return host.indexOf(':') < 0 ? host : "[" + host.replace("%", "%25") + "]";
    }

    private static String generate() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

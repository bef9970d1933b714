package ums.access;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import ums.audit.AuditLog;
import ums.sandbox.UmsHome;

/** The admin's account, and on the embedded default a first key: what a first start makes and later starts keep. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

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

    @Bean
    AdminAccount adminAccount(AdminProperties properties) {
        String configured = properties.password();
        if (configured != null && !configured.isEmpty()) {
            return new AdminAccount(properties.username(), configured);
        }
        String kept = file.read().get(PASSWORD);
        AdminAccount account = new AdminAccount(properties.username(), kept == null ? generate() : kept);
        if (!sandbox) {
            file.write(Map.of(USER, account.username(), PASSWORD, account.password()));
            log.warn("ums.admin.password is not set: a generated one is in {}", file);
        }
        return account;
    }

    /** Runs before the process is ready: whoever waits for readiness finds the file. */
    @Bean
    ApplicationRunner sandboxCredentials(AdminAccount admin, ApiKeys keys, Environment environment) {
        return _ -> {
            if (sandbox) {
                writeSandboxFile(admin, keys, environment);
            }
        };
    }

    private void writeSandboxFile(AdminAccount admin, ApiKeys keys, Environment environment) {
        String key = file.read().get(KEY);
        if (key == null) {
            key = keys.create(AuditLog.UMS, "sandbox", "sandbox.env", ApiKey.Mode.LIVE, Set.of(), null)
                    .secret();
        } else {
            keys.ensure(key, "sandbox", "sandbox.env");
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put(URL, url(environment));
        values.put(KEY, key);
        values.put(USER, admin.username());
        values.put(PASSWORD, admin.password());
        file.write(values);
        log.info("Credentials for a first message: source {}", file);
    }

    private static String url(Environment environment) {
        boolean tls = environment.getProperty(
                "server.ssl.enabled", Boolean.class, environment.containsProperty("server.ssl.bundle"));
        String address = environment.getProperty("server.address", "127.0.0.1");
        String host = address.equals("0.0.0.0") || address.equals("::") ? "127.0.0.1" : address;
        return (tls ? "https://" : "http://") + host + ":" + environment.getProperty("local.server.port", "8080");
    }

    private static String generate() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

package ums.provider;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings that every account has, {@code ums.providers.<id>.*}.
 *
 * @param type whose account it is, the name of a {@link ProviderType}
 * @param rate recipients per second, over all processes on one database, 0.001 at least; default: unset, which means no limit
 * @param concurrency messages in flight in this process; what exceeds it stays in the queue; default: unset, which means no limit
 * @param overflow whether what exceeds the rate goes to the route's next provider instead of waiting; default: false
 * @param domains the domains of senders that this account may use, with {@code senders}; default: unset, which means any
 * @param senders the senders that this account may use; default: unset, which means any
 */
public record ProviderSettings(
        @DefaultValue("") String type,

        @DecimalMin("0.001") @Nullable Double rate,

        @Min(1) @Nullable Integer concurrency,
        @DefaultValue("false") boolean overflow,
        @DefaultValue List<String> domains,
        @DefaultValue List<String> senders) {

    /** No limits, any sender. */
    public static ProviderSettings unlimited(String type) {
        return new ProviderSettings(type, null, null, false, List.of(), List.of());
    }

    public ProviderSettings {
        domains = domains.stream().map(it -> it.toLowerCase(Locale.ROOT)).toList();
        senders = senders.stream().map(it -> it.toLowerCase(Locale.ROOT)).toList();
    }

    /** @param sender in its channel's normal form; empty for a message that names none */
    boolean maySendAs(String sender) {
        if (domains.isEmpty() && senders.isEmpty()) {
            return true;
        }
        String domain = sender.substring(sender.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return senders.contains(sender.toLowerCase(Locale.ROOT)) || domains.contains(domain);
    }
}

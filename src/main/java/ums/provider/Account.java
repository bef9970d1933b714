package ums.provider;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import ums.channel.Content;

/**
 * A configured provider.
 *
 * @param id {@code [a-z0-9]{1,40}}; stored with messages, so it is never given to another account
 * @param settings what every account has
 * @param provider sends
 */
public record Account(String id, ProviderSettings settings, Provider<Content> provider) {

    /** @param provider of any channel: it is given that channel's contents only */
    @SuppressWarnings("unchecked")
    public static Account of(String id, ProviderSettings settings, Provider<?> provider) {
        return new Account(id, settings, (Provider<Content>) provider);
    }

    /** Whether it can send now. */
    public boolean isAvailable() {
        return provider.availability().available();
    }

    /** Whether it may send as this sender, in its channel's normal form. */
    public boolean maySendAs(String sender) {
        return settings.maySendAs(sender);
    }

    /** How many messages may be in flight in this process; empty for no limit. */
    public OptionalInt concurrency() {
        Integer concurrency = settings.concurrency();
        return concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency);
    }

    /** The rate limit in recipients per second, over all processes on one database; empty for no limit. */
    public OptionalDouble rate() {
        Double rate = settings.rate();
        return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }
}

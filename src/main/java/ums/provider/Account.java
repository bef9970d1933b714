package ums.provider;

import java.util.OptionalDouble;

/**
 * A configured provider.
 *
 * @param id {@code [a-z0-9]{1,40}}; stored with messages, so it is never given to another account
 * @param settings what every account has
 * @param provider sends
 */
public record Account(String id, ProviderSettings settings, Provider provider) {

    /** Whether it can send now. */
    public boolean isAvailable() {
        return provider.availability().available();
    }

    /** Whether it may send as this sender, in its channel's normal form. */
    public boolean maySendAs(String sender) {
        return settings.maySendAs(sender);
    }

    /** The rate limit in messages per second, over all processes on one database; empty for no limit. */
    public OptionalDouble rate() {
        Double rate = settings.rate();
        return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }
}

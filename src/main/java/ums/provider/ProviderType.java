package ums.provider;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kind of provider: whose accounts can be configured. Every bean of this type is one; a new one is a new package with such a
 * bean.
 *
 * @param <S> the type's own settings, a record that is bound to {@code ums.providers.<id>} and validated
 */
public interface ProviderType<S> {

    /** The name in {@code ums.providers.<id>.type}. */
    String name();

    /** The channel whose messages its accounts take. */
    String channel();

    /** The record of the type's own settings. */
    Class<S> settings();

    /** The prefix of the properties of an account that is named like the type, without {@code ums.providers}; null for none. */
    default @Nullable String shortForm() {
        return null;
    }

    /** Whether the properties of the short form make an account. */
    default boolean isSet(S settings) {
        return true;
    }

    /**
     * Makes the provider of an account. No I/O.
     *
     * @param id the account's id
     * @param settings the type's own settings, validated
     * @param circuitListener notified when the account's circuit opens and when it closes, in sequence; must not block
     * @throws IllegalArgumentException where the settings contradict each other
     */
    Provider<?> create(String id, S settings, Consumer<CircuitChanged> circuitListener);
}

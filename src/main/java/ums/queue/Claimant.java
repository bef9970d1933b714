package ums.queue;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A process that claims.
 *
 * @param process its id, as in {@code process.id} and {@code outbox.claimed_by}
 * @param reviews the default for entries without a setting of their own: true if an operator reviews an unknown outcome, false
 *     if the message is sent again
 * @param allowances what it may claim, by channel; entries of other channels are not claimed. Empty: as many as it asks for, of
 *     every channel, at no provider
 */
public record Claimant(String process, boolean reviews, Map<String, Allowance> allowances) {

    /** A process that claims entries of every channel. */
    public Claimant(String process, boolean reviews) {
        this(process, reviews, Map.of());
    }

    /** The same process with other allowances. */
    public Claimant with(Map<String, Allowance> others) {
        return new Claimant(process, reviews, others);
    }

    /** The provider that the channel's attempts begin with, or null. */
    public @Nullable String provider(String channel) {
        Allowance allowance = allowances.get(channel);
        return allowance == null ? null : allowance.provider();
    }

    /** How many entries of a channel it may claim, {@code wanted} at most. */
    int limit(String channel, int wanted) {
        Allowance allowance = allowances.get(channel);
        if (allowance == null) {
            return allowances.isEmpty() ? wanted : 0;
        }
        return Math.min(allowance.max(), wanted);
    }

    /** The providers by channel, as a JSON object. Names and ids have no character that JSON escapes. */
    public String providers() {
        return allowances.entrySet().stream()
                .map(it -> "\"" + it.getKey() + "\":\"" + it.getValue().provider() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /**
     * What may be claimed of a channel.
     *
     * @param provider the id of the provider that the attempts begin with; it is written with the claim, so that whoever takes
     *     it over knows who may have the message
     * @param max how many entries
     */
    public record Allowance(String provider, int max) {}
}

package ums.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The accounts of this process, and the route that each channel takes over them. */
public final class Providers implements AutoCloseable {

    private final Map<String, List<Account>> routes;
    private final Function<String, Provider<?>> tests;
    private final Map<String, List<Account>> testRoutes = new ConcurrentHashMap<>();
    private final Set<String> failOverOnDeferred;
    private final boolean sandbox;

    /**
     * @param routes the accounts of live messages by channel, in the sequence in which they are tried
     * @param tests makes the provider of a channel's test messages
     * @param failOverOnDeferred the channels where "not now" goes to the route's next provider at once
     * @param sandbox whether no account is configured, so that nothing leaves the machine
     */
    public Providers(
            Map<String, List<Account>> routes,
            Function<String, Provider<?>> tests,
            Set<String> failOverOnDeferred,
            boolean sandbox) {
        this.routes = Map.copyOf(routes);
        this.tests = tests;
        this.failOverOnDeferred = Set.copyOf(failOverOnDeferred);
        this.sandbox = sandbox;
    }

    /** Whether no account is configured, so that nothing leaves the machine. */
    public boolean isSandbox() {
        return sandbox;
    }

    /** Whether "not now" goes to the route's next provider at once, instead of to the same one later. */
    public boolean failsOverOnDeferred(String channel) {
        return failOverOnDeferred.contains(channel);
    }

    /** The accounts of a channel in the sequence in which they are tried; empty where it has none. */
    public List<Account> route(String channel, boolean test) {
        return test ? testRoutes.computeIfAbsent(channel, this::testRoute) : routes.getOrDefault(channel, List.of());
    }

    private List<Account> testRoute(String channel) {
        return List.of(
                Account.of(SandboxAccounts.ID, ProviderSettings.unlimited(SandboxAccounts.ID), tests.apply(channel)));
    }

    /** The account with that id on a channel's route. */
    public Optional<Account> find(String channel, boolean test, String id) {
        return route(channel, test).stream().filter(it -> it.id().equals(id)).findFirst();
    }

    /** The accounts of live messages. */
    public List<Account> live() {
        return routes.values().stream().flatMap(List::stream).toList();
    }

    /** The channels that have a route. */
    public List<String> channels() {
        return routes.keySet().stream().sorted().toList();
    }

    /** Whether a channel's messages can be sent now, by any account on its route. */
    public Provider.Availability availability(String channel, boolean test) {
        List<Provider.Availability> all = route(channel, test).stream()
                .map(it -> it.provider().availability())
                .toList();
        return all.stream()
                .filter(Provider.Availability::available)
                .findFirst()
                .or(() -> all.stream().findFirst())
                .orElse(Provider.Availability.AVAILABLE);
    }

    @Override
    public void close() {
        Stream.concat(routes.values().stream(), testRoutes.values().stream())
                .flatMap(List::stream)
                .map(Account::provider)
                .collect(Collectors.toSet())
                .forEach(Provider::close);
    }
}

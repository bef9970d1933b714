package ums.provider;

import java.net.IDN;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;
import ums.channel.Channel;

/** Reads accounts and routes from the configuration. A mistake is an exception that names the property. */
final class AccountReader {

    static final String PROVIDERS = "ums.providers";
    static final String ROUTES = "ums.routes";
    static final String FAIL_OVER_ON_DEFERRED = "ums.fail-over-on-deferred";

    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,40}");
    private static final Bindable<Map<String, Object>> BY_NAME = Bindable.mapOf(String.class, Object.class);

    private final Environment environment;
    private final Binder binder;
    private final Validator validator;
    private final Map<String, ProviderType<?>> types;
    private final Map<String, Channel<?>> channels;
    private final Consumer<CircuitChanged> circuitListener;

    AccountReader(
            Environment environment,
            Validator validator,
            List<ProviderType<?>> types,
            List<Channel<?>> channels,
            Consumer<CircuitChanged> circuitListener) {
        this.environment = environment;
        this.binder = Binder.get(environment);
        this.validator = validator;
        this.types = types.stream().collect(Collectors.toMap(ProviderType::name, Function.identity()));
        this.channels = channels.stream()
                .collect(Collectors.toMap(Channel::name, Function.identity(), (one, _) -> one, LinkedHashMap::new));
        this.circuitListener = circuitListener;
    }

    Providers read(SandboxAccounts sandbox) {
        Map<String, Account> accounts = accounts();
        List<String> names = List.copyOf(channels.keySet());
        if (accounts.isEmpty()) {
            refuseRoutes();
            Map<String, List<Account>> routes = names.stream()
                    .collect(Collectors.toMap(Function.identity(), it -> List.of(inSandbox(sandbox, it))));
            return new Providers(routes, sandbox::test, Set.of(), true);
        }
        return new Providers(routes(accounts, names), sandbox::test, failOverOnDeferred(names), false);
    }

    private Account inSandbox(SandboxAccounts sandbox, String channel) {
        return Account.of(SandboxAccounts.ID, rateOfShortForm(channel), sandbox.live(channel, circuitListener));
    }

    /** The short form's rate holds in the sandbox too, so that a rate can be tried there. */
    private ProviderSettings rateOfShortForm(String channel) {
        return types.values().stream()
                .filter(it -> it.shortForm() != null && channel.equals(it.channel()))
                .map(it -> common(String.valueOf(it.shortForm()), SandboxAccounts.ID))
                .findFirst()
                .orElse(ProviderSettings.unlimited(SandboxAccounts.ID));
    }

    private Map<String, Account> accounts() {
        Map<String, Account> accounts = new TreeMap<>();
        for (String id : names(PROVIDERS)) {
            if (!ID.matcher(id).matches() || id.equals(SandboxAccounts.ID)) {
                throw mistake(PROVIDERS + "." + id, "the id must be [a-z0-9]{1,40}, and not " + SandboxAccounts.ID);
            }
            accounts.put(id, configured(id));
        }
        for (ProviderType<?> type : types.values()) {
            String prefix = type.shortForm();
            Provider<?> provider = prefix == null ? null : create(type, type.name(), prefix, true);
            if (provider != null) {
                ProviderSettings settings = common(String.valueOf(prefix), type.name());
                Account account = Account.of(
                        type.name(), inOneSpelling(String.valueOf(prefix), settings, type.channel()), provider);
                if (accounts.put(type.name(), account) != null) {
                    throw mistake(PROVIDERS + "." + type.name(), "is the account of " + prefix + " already");
                }
            }
        }
        return accounts;
    }

    private Account configured(String id) {
        String prefix = PROVIDERS + "." + id;
        ProviderSettings settings = common(prefix, "");
        ProviderType<?> type = types.get(settings.type());
        if (type == null) {
            throw mistake(
                    prefix + ".type",
                    "must be one of " + String.join(", ", new TreeSet<>(types.keySet())) + ", but is \""
                            + settings.type() + "\"");
        }
        refuseUnknown(prefix, type.settings());
        Provider<?> provider = create(type, id, prefix, false);
        if (provider == null) {
            throw mistake(prefix, "is not complete");
        }
        return Account.of(id, inOneSpelling(prefix, settings, type.channel()), provider);
    }

    /** Senders of messages are compared in their channel's one spelling. */
    private ProviderSettings inOneSpelling(String prefix, ProviderSettings settings, String channel) {
        UnaryOperator<String> sender = Optional.<Channel<?>>ofNullable(channels.get(channel))
                .<UnaryOperator<String>>map(it -> it::normalise)
                .orElse(UnaryOperator.identity());
        return new ProviderSettings(
                settings.type(),
                settings.rate(),
                settings.concurrency(),
                settings.overflow(),
                spelled(prefix + ".domains", settings.domains(), IDN::toASCII),
                spelled(prefix + ".senders", settings.senders(), sender));
    }

    private static List<String> spelled(String property, List<String> written, UnaryOperator<String> spelling) {
        try {
            return written.stream().map(spelling).toList();
        } catch (IllegalArgumentException e) {
            throw mistake(property, String.valueOf(e.getMessage()));
        }
    }

    /** A misspelt setting would else be as if it were not there. */
    private void refuseUnknown(String prefix, Class<?> settings) {
        Set<String> known = Stream.of(ProviderSettings.class, settings)
                .flatMap(it -> Stream.of(it.getRecordComponents()))
                .map(it -> canonical(it.getName()))
                .collect(Collectors.toSet());
        settings(prefix).forEach((name, value) -> {
            if (!known.contains(canonical(name)) && !known.containsAll(inEnvironment(prefix, name, value))) {
                throw mistake(prefix + "." + name, "there is no such setting");
            }
        });
    }

    /** The settings that the environment writes as {@code MAX_CONNECTIONS}, by their first word; else the word. */
    private Set<String> inEnvironment(String prefix, String word, Object value) {
        return value instanceof Map<?, ?> further
                ? further.keySet().stream()
                        .map(it -> environment.containsProperty(variable(prefix + "." + word + "." + it))
                                ? canonical(word + it)
                                : word)
                        .collect(Collectors.toSet())
                : Set.of(word);
    }

    private static String variable(String property) {
        return property.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** In the environment names have no dashes. */
    private static String canonical(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private ProviderSettings common(String prefix, String type) {
        ProviderSettings bound = bind(prefix, ProviderSettings.class);
        return type.isEmpty()
                ? bound
                : new ProviderSettings(
                        type, bound.rate(), bound.concurrency(), bound.overflow(), bound.domains(), bound.senders());
    }

    private <S> @Nullable Provider<?> create(ProviderType<S> type, String id, String prefix, boolean optional) {
        S settings = bind(prefix, type.settings());
        if (optional && !type.isSet(settings)) {
            return null;
        }
        try {
            return type.create(id, settings, circuitListener);
        } catch (IllegalArgumentException e) {
            throw mistake(prefix, String.valueOf(e.getMessage()));
        }
    }

    private <S> S bind(String prefix, Class<S> record) {
        return binder.bindOrCreate(prefix, Bindable.of(record), new ValidationBindHandler(validator));
    }

    /** What is set below a prefix, in the sequence of the names. */
    private Map<String, Object> settings(String prefix) {
        return new TreeMap<>(binder.bind(prefix, BY_NAME).orElse(Map.of()));
    }

    private List<String> names(String prefix) {
        return List.copyOf(settings(prefix).keySet());
    }

    private Map<String, List<Account>> routes(Map<String, Account> accounts, List<String> channels) {
        for (String channel : names(ROUTES)) {
            if (!channels.contains(channel)) {
                throw mistake(ROUTES + "." + channel, "there is no channel " + channel);
            }
        }
        Map<String, List<Account>> routes = new LinkedHashMap<>();
        for (String channel : channels) {
            List<Account> route = route(channel, accounts);
            if (!route.isEmpty()) {
                routes.put(channel, route);
            }
        }
        return routes;
    }

    private Set<String> failOverOnDeferred(List<String> channels) {
        for (String channel : names(FAIL_OVER_ON_DEFERRED)) {
            if (!channels.contains(channel)) {
                throw mistake(FAIL_OVER_ON_DEFERRED + "." + channel, "there is no channel " + channel);
            }
        }
        // One by one, as a map does not find FAIL_OVER_ON_DEFERRED_EMAIL in the environment.
        return channels.stream()
                .filter(it -> binder.bind(FAIL_OVER_ON_DEFERRED + "." + it, Boolean.class)
                        .orElse(false))
                .collect(Collectors.toSet());
    }

    private List<Account> route(String channel, Map<String, Account> accounts) {
        String property = ROUTES + "." + channel;
        List<Account> all = accounts.values().stream()
                .filter(it -> it.provider().channel().equals(channel))
                .toList();
        List<String> named =
                binder.bind(property, Bindable.listOf(String.class)).orElse(List.of());
        if (named.isEmpty()) {
            if (all.size() > 1) {
                throw mistake(
                        property,
                        "is needed, as there are several providers: "
                                + all.stream().map(Account::id).collect(Collectors.joining(", ")));
            }
            return all;
        }
        List<Account> route = new ArrayList<>();
        for (String id : named) {
            Account account = accounts.get(id);
            if (account == null) {
                throw mistake(property, "names " + id + ", but there is no " + PROVIDERS + "." + id);
            }
            if (!account.provider().channel().equals(channel)) {
                throw mistake(
                        property,
                        "names " + id + ", which is a provider of "
                                + account.provider().channel());
            }
            if (route.contains(account)) {
                throw mistake(property, "names " + id + " twice");
            }
            route.add(account);
        }
        return route;
    }

    private void refuseRoutes() {
        for (String channel : names(ROUTES)) {
            throw mistake(ROUTES + "." + channel, "names providers, but there is none below " + PROVIDERS);
        }
    }

    private static InvalidProvidersException mistake(String property, String why) {
        return new InvalidProvidersException(property, why);
    }
}

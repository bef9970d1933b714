package ums.web.guard;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.Header;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import ums.access.AdminLogin;
import ums.access.AdminRole;
import ums.access.ApiKeys;
import ums.web.Problem;
import ums.web.ProblemWriter;

/**
 * Authentication and authorization: API keys are valid for {@code /api} only, an admin's password for everything else.
 * Paths without a rule need the ADMIN role.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    static final Problem TOO_MANY_LOGINS = Problem.of(
            HttpStatus.TOO_MANY_REQUESTS,
            "TOO_MANY_LOGINS",
            "Too many log-ins failed from this address; Retry-After says after how many seconds to try again.");

    private static final Problem UNAUTHORIZED =
            Problem.of(HttpStatus.UNAUTHORIZED, "UNAUTHORIZED", "Send an admin's name and password (HTTP Basic).");
    private static final Problem FORBIDDEN =
            Problem.of(HttpStatus.FORBIDDEN, "FORBIDDEN", "This account may not do that.");

    private static final String VIEWER = AdminRole.VIEWER.name();
    private static final String OPERATOR = AdminRole.OPERATOR.name();
    private static final String ADMIN = AdminRole.ADMIN.name();

    /** One static writer for what Spring Security has several. Headers that a controller sets take precedence. */
    private static final List<Header> HEADERS = List.of(
            new Header(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate"),
            new Header(HttpHeaders.PRAGMA, "no-cache"),
            new Header(HttpHeaders.EXPIRES, "0"),
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("X-Frame-Options", "DENY"),
            new Header("X-XSS-Protection", "0"),
            new Header("Referrer-Policy", "no-referrer"),
            // No response of the API may run scripts.
            new Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"));

    private final ClientAddresses addresses;
    private final RateLimits limits;
    private final ProblemWriter writer;

    SecurityConfiguration(ClientAddresses addresses, RateLimits limits, ProblemWriter writer) {
        this.addresses = addresses;
        this.limits = limits;
        this.writer = writer;
    }

    /** Metrics for each filter of each request are unused, and double the filters' cost. */
    @Bean
    SecurityObservationSettings unobserved() {
        return SecurityObservationSettings.noObservations();
    }

    /**
     * Spring Security's firewall, with predicates in place of the two regular expressions that it runs on each header.
     */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderNames(HeaderCharacters::fitName);
        firewall.setAllowedHeaderValues(HeaderCharacters::fitValue);
        return firewall;
    }

    /** On the path of every message, so without the filters that it does not need. */
    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http, ApiKeys keys) {
        return stateless(http)
                .anonymous(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(it -> it.securityContextRepository(new NullSecurityContextRepository()))
                .securityMatcher("/api/**")
                .addFilterBefore(new ApiKeyFilter(keys, limits, addresses, writer), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(it -> it.anyRequest().authenticated())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain admin(HttpSecurity http, AdminLogin login) {
        http.addFilterBefore(new AddressLimitFilter(limits, addresses, writer), AnonymousAuthenticationFilter.class);
        return basic(http, login)
                .securityMatcher("/admin/**", "/inbox/**")
                .authorizeHttpRequests(SecurityConfiguration::authorize)
                .build();
    }

    /** On its own port. Prometheus and health probes have no password. */
    @Bean
    @Order(3)
    SecurityFilterChain actuator(HttpSecurity http, AdminLogin login) {
        return basic(http, login)
                .securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(it -> it.requestMatchers(EndpointRequest.to("health", "prometheus"))
                        .permitAll()
                        .anyRequest()
                        .hasRole(ADMIN))
                .build();
    }

    /** Other paths have nothing secret, and mostly answer 404 to everybody. */
    @Bean
    @Order(4)
    SecurityFilterChain others(HttpSecurity http) {
        return stateless(http)
                .addFilterBefore(new AddressLimitFilter(limits, addresses, writer), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(it -> it.anyRequest().permitAll())
                .build();
    }

    private static void authorize(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry it) {
        it.requestMatchers(HttpMethod.GET)
                .hasRole(VIEWER)
                .requestMatchers(HttpMethod.HEAD)
                .hasRole(VIEWER)
                .requestMatchers(HttpMethod.POST, "/admin/failures/retry")
                .hasRole(OPERATOR)
                .requestMatchers(HttpMethod.PUT, "/admin/contact-preferences")
                .hasRole(OPERATOR)
                .requestMatchers(HttpMethod.PATCH, "/admin/failures/*/retry", "/admin/failures/*/resolve")
                .hasRole(OPERATOR)
                .anyRequest()
                .hasRole(ADMIN);
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        // No CSRF protection: a cross-site request carries no API key, and no cookie authenticates here.
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(it -> it.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(it -> it.defaultsDisabled()
                        .httpStrictTransportSecurity(Customizer.withDefaults())
                        .addHeaderWriter(new StaticHeadersWriter(HEADERS)));
    }

    private HttpSecurity basic(HttpSecurity http, AdminLogin login) {
        return stateless(http)
                .addFilterBefore(new AdminFilter(login, addresses, writer), AnonymousAuthenticationFilter.class)
                .exceptionHandling(it -> it.authenticationEntryPoint((_, response, _) -> unauthorized(response, writer))
                        .accessDeniedHandler((_, response, _) -> writer.write(response, FORBIDDEN)));
    }

    /** The same response for an unknown name, a wrong password and missing credentials. */
    static void unauthorized(HttpServletResponse response, ProblemWriter writer) throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"UMS\", charset=\"UTF-8\"");
        writer.write(response, UNAUTHORIZED);
    }
}

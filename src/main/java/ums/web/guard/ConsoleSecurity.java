package ums.web.guard;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.util.UriComponentsBuilder;
import ums.access.Admin;
import ums.access.AdminLogin;
import ums.access.AdminRole;
import ums.web.ProblemWriter;

/**
 * Authentication for the console: a login form and then a session cookie, for the same admins, roles and throttle as
 * HTTP Basic. Sessions exist only after login.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

    /** Only our own scripts and styles, and no requests to other origins. */
    private static final String SELF_ONLY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";

    private static final String LOGIN = "/console/login";
    private static final Pattern PAGE = Pattern.compile("/console(/[A-Za-z0-9_-]+)*");

    /** Bounds the input of the pattern, which would overflow the stack, and the length of the Location header. */
    private static final int MAX_PAGE_LENGTH = 200;

    private final ClientAddresses addresses;

    ConsoleSecurity(ClientAddresses addresses) {
        this.addresses = addresses;
    }

    @Bean
    @Order(3)
    SecurityFilterChain console(
            HttpSecurity http, AdminLogin login, RateLimits limits, LimitsProperties bounds, ProblemWriter writer) {
        return http.securityMatcher("/console", "/console/**")
                .addFilterBefore(new AddressLimitFilter(limits, addresses, writer), CsrfFilter.class)
                .addFilterBefore(new FormFilter(bounds, addresses, writer), CsrfFilter.class)
                .csrf(it -> it.csrfTokenRepository(tokens())
                        .csrfTokenRequestHandler(new XorCsrfTokenRequestAttributeHandler()))
                .authenticationProvider(new Accounts(login))
                .formLogin(it -> it.loginPage(LOGIN)
                        .usernameParameter("name")
                        .passwordParameter("password")
                        .authenticationDetailsSource(addresses::of)
                        .successHandler((request, response, _) -> response.sendRedirect(next(request)))
                        .failureHandler(ConsoleSecurity::refused))
                .logout(it -> it.logoutUrl("/console/logout")
                        .logoutSuccessUrl(LOGIN + "?bye")
                        .deleteCookies("ums_session"))
                .requestCache(AbstractHttpConfigurer::disable)
                .exceptionHandling(
                        it -> it.authenticationEntryPoint((request, response, _) -> redirectToLogin(request, response))
                                .accessDeniedPage("/console/denied"))
                .headers(it -> it.contentSecurityPolicy(policy -> policy.policyDirectives(SELF_ONLY))
                        // The older header for frame-ancestors, which cannot make an exception for the previews.
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable)
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
                .authorizeHttpRequests(ConsoleSecurity::authorize)
                .build();
    }

    private static void authorize(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry it) {
        it.requestMatchers(LOGIN, "/console/denied", "/console/language")
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/console/assets/**")
                .permitAll()
                .requestMatchers(HttpMethod.GET)
                .hasRole(AdminRole.VIEWER.name())
                .requestMatchers(HttpMethod.HEAD)
                .hasRole(AdminRole.VIEWER.name())
                .requestMatchers(HttpMethod.POST, "/console/review/**", "/console/messages/*/cancel")
                .hasRole(AdminRole.OPERATOR.name())
                .anyRequest()
                .hasRole(AdminRole.ADMIN.name());
    }

    /** The CSRF token is in a cookie, so that displaying the login form costs no memory. */
    private static CookieCsrfTokenRepository tokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("ums_csrf");
        tokens.setCookiePath("/console");
        tokens.setCookieCustomizer(it -> it.sameSite("Strict"));
        return tokens;
    }

    /**
     * Unauthenticated htmx requests get HX-Redirect, so that the login form replaces the whole page and not a fragment.
     */
    private static void redirectToLogin(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getHeader("HX-Request") != null) {
            response.setHeader("HX-Redirect", LOGIN);
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            return;
        }
        boolean page = HttpMethod.GET.matches(request.getMethod()) && isPage(request.getRequestURI());
        response.sendRedirect(page ? LOGIN + "?next=" + request.getRequestURI() : LOGIN);
    }

    /** The page to show after login: a page of the console and nothing else. */
    private static String next(HttpServletRequest request) {
        String next = request.getParameter("next");
        return next != null && isPage(next) ? next : "/console";
    }

    private static boolean isPage(String path) {
        return path.length() <= MAX_PAGE_LENGTH && PAGE.matcher(path).matches();
    }

    private static void refused(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
            throws IOException {
        UriComponentsBuilder form = UriComponentsBuilder.fromPath(LOGIN);
        if (reason instanceof TooManyLogins tooMany) {
            form.queryParam("wait", tooMany.seconds);
        } else {
            form.queryParam("failed");
        }
        response.sendRedirect(form.queryParam("next", next(request)).toUriString());
    }

    /** Authenticates admins for Spring Security. */
    private record Accounts(AdminLogin login) implements AuthenticationProvider {

        @Override
        public Authentication authenticate(Authentication asked) {
            String address = String.valueOf(asked.getDetails());
            return switch (login.check(asked.getName(), String.valueOf(asked.getCredentials()), address)) {
                case AdminLogin.Granted(Admin admin) ->
                    UsernamePasswordAuthenticationToken.authenticated(
                            admin.name(), null, AdminFilter.roles(admin.role()));
                case AdminLogin.Refused _ -> throw new BadCredentialsException("no such account, or another password");
                case AdminLogin.TooMany(long seconds) -> throw new TooManyLogins(seconds);
            };
        }

        @Override
        public boolean supports(Class<?> authentication) {
            return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
        }
    }

    private static final class TooManyLogins extends AuthenticationException {

        private final long seconds;

        private TooManyLogins(long seconds) {
            super("too many log-ins failed from this address");
            this.seconds = seconds;
        }
    }
}

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
 * The console's door: a form, and then a session by a cookie, for the admins whom HTTP Basic lets in elsewhere, with their
 * roles and their throttle. Nobody gets a session who is not logged in.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

    /** Scripts and styles are files of ours; nothing comes from, or goes to, anywhere else. */
    private static final String OURS_ONLY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";

    private static final String LOGIN = "/console/login";
    private static final Pattern PAGE = Pattern.compile("/console(/[A-Za-z0-9_-]+)*");

    /** A form may say much more: the pattern would overflow the stack, and no Location header could hold it. */
    private static final int LONGEST_PAGE = 200;

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
                        it -> it.authenticationEntryPoint((request, response, _) -> askWhoItIs(request, response))
                                .accessDeniedPage("/console/denied"))
                .headers(it -> it.contentSecurityPolicy(policy -> policy.policyDirectives(OURS_ONLY))
                        // Older browsers' word for frame-ancestors, which cannot except the previews.
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable)
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
                .authorizeHttpRequests(ConsoleSecurity::rooms)
                .build();
    }

    private static void rooms(
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

    /** In a cookie, so that whoever only looks at the log-in form costs no memory. */
    private static CookieCsrfTokenRepository tokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("ums_csrf");
        tokens.setCookiePath("/console");
        tokens.setCookieCustomizer(it -> it.sameSite("Strict"));
        return tokens;
    }

    /** A part of a page that is asked for by script must not be replaced by a log-in form: the whole page is. */
    private static void askWhoItIs(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getHeader("HX-Request") != null) {
            response.setHeader("HX-Redirect", LOGIN);
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            return;
        }
        boolean page = HttpMethod.GET.matches(request.getMethod()) && isPage(request.getRequestURI());
        response.sendRedirect(page ? LOGIN + "?next=" + request.getRequestURI() : LOGIN);
    }

    /** Where he wanted to go: a page of the console and nothing else. */
    private static String next(HttpServletRequest request) {
        String next = request.getParameter("next");
        return next != null && isPage(next) ? next : "/console";
    }

    private static boolean isPage(String path) {
        return path.length() <= LONGEST_PAGE && PAGE.matcher(path).matches();
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

    /** The admins' accounts, as Spring Security asks for them. */
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

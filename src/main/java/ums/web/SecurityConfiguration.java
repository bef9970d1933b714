package ums.web;

import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import ums.access.AdminAccount;
import ums.access.ApiKeys;

/** Which door takes which key: API keys open the API and nothing else, the admin's password everything but the API. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder();
    }

    @Bean
    UserDetailsService admins(AdminAccount account, PasswordEncoder encoder) {
        return new InMemoryUserDetailsManager(User.withUsername(account.username())
                .password(encoder.encode(account.password()))
                .roles("ADMIN")
                .build());
    }

    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http, ApiKeys keys, ProblemWriter writer) {
        return stateless(http)
                .securityMatcher("/api/**")
                .addFilterBefore(new ApiKeyFilter(keys, writer), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(it -> it.anyRequest().authenticated())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain admin(HttpSecurity http, ProblemWriter writer) {
        return basic(http, writer)
                .securityMatcher("/admin/**", "/inbox/**")
                .authorizeHttpRequests(it -> it.anyRequest().hasRole("ADMIN"))
                .build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain actuator(HttpSecurity http, ProblemWriter writer) {
        return basic(http, writer)
                .securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(it -> it.requestMatchers(EndpointRequest.to("health", "prometheus"))
                        .permitAll()
                        .anyRequest()
                        .hasRole("ADMIN"))
                .build();
    }

    /** There is nothing behind other addresses; they answer 404 to everybody. */
    @Bean
    @Order(4)
    SecurityFilterChain others(HttpSecurity http) {
        return stateless(http)
                .authorizeHttpRequests(it -> it.anyRequest().permitAll())
                .build();
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        // A forged cross-site request carries no API key, and no cookie of ours exists that it could ride on.
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(it -> it.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable);
    }

    private static HttpSecurity basic(HttpSecurity http, ProblemWriter writer) {
        AuthenticationEntryPoint unauthorized = (_, response, _) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"UMS\"");
            writer.write(
                    response,
                    Problem.of(
                            HttpStatus.UNAUTHORIZED,
                            "UNAUTHORIZED",
                            "Send the admin's name and password (HTTP Basic)."));
        };
        return stateless(http)
                .httpBasic(it -> it.authenticationEntryPoint(unauthorized))
                .exceptionHandling(it -> it.authenticationEntryPoint(unauthorized)
                        .accessDeniedHandler((_, response, _) -> writer.write(
                                response,
                                Problem.of(HttpStatus.FORBIDDEN, "FORBIDDEN", "This account may not do that."))));
    }
}

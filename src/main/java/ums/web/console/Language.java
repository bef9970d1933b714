package ums.web.console;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.servlet.i18n.AbstractLocaleContextResolver;
import org.springframework.web.util.WebUtils;

/**
 * Resolves Korean or English: the chosen language, else the browser's. Other languages are ignored, so that callers
 * cannot create locales. The time zone comes from a cookie that the script sets, else it is UTC.
 */
class Language extends AbstractLocaleContextResolver {

    private static final String CHOSEN = "ums_language";
    private static final String ZONE = "ums_zone";
    private static final Duration MAX_AGE = Duration.ofDays(365);
    private static final List<Locale> KNOWN = List.of(Locale.ENGLISH, Locale.KOREAN);

    @Override
    public LocaleContext resolveLocaleContext(HttpServletRequest request) {
        Cookie chosen = WebUtils.getCookie(request, CHOSEN);
        Locale locale = chosen == null ? preferred(request) : known(chosen.getValue());
        return new SimpleTimeZoneAwareLocaleContext(locale, TimeZone.getTimeZone(zone(request)));
    }

    @Override
    public void setLocaleContext(
            HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable LocaleContext context) {
        Locale locale = context == null ? null : context.getLocale();
        if (response != null && locale != null) {
            response.addHeader(
                    HttpHeaders.SET_COOKIE,
                    ResponseCookie.from(CHOSEN, known(locale.getLanguage()).getLanguage())
                            .path("/console")
                            .maxAge(MAX_AGE)
                            .httpOnly(true)
                            .secure(request.isSecure())
                            .sameSite("Lax")
                            .build()
                            .toString());
        }
    }

    private static Locale preferred(HttpServletRequest request) {
        if (request.getHeader(HttpHeaders.ACCEPT_LANGUAGE) == null) {
            return Locale.ENGLISH;
        }
        return Collections.list(request.getLocales()).stream()
                .map(it -> Locale.forLanguageTag(it.getLanguage()))
                .filter(KNOWN::contains)
                .findFirst()
                .orElse(Locale.ENGLISH);
    }

    private static Locale known(String language) {
        return language.equals(Locale.KOREAN.getLanguage()) ? Locale.KOREAN : Locale.ENGLISH;
    }

    private static ZoneId zone(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, ZONE);
        try {
            return cookie == null ? ZoneOffset.UTC : ZoneId.of(cookie.getValue());
        } catch (DateTimeException _) {
            return ZoneOffset.UTC;
        }
    }
}

package ums;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The console's pages as an admin's browser gets them, without scripts. */
public final class ConsolePages {

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final String host;

    /** Logs an admin in. */
    public ConsolePages(UmsClient ums) {
        this.host = "http://127.0.0.1:" + ums.port();
        Matcher token = TOKEN.matcher(get("/console/login"));
        assertThat(token.find()).isTrue();
        String form = "name=admin&password=" + encoded(UmsClient.ADMIN_PASSWORD) + "&_csrf=" + encoded(token.group(1));
        HttpResponse<String> entered = exchange(HttpRequest.newBuilder(URI.create(host + "/console/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        assertThat(entered.headers().firstValue("Location")).hasValue("/console");
    }

    /** The HTML of a page. */
    public String get(String path) {
        HttpResponse<String> page = exchange(HttpRequest.newBuilder(URI.create(host + path)));
        assertThat(page.statusCode()).as(path).isEqualTo(200);
        return page.body();
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

package ums.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import ums.UmsClient;
import ums.UmsStory;

/** Authentication and authorization of the console, by HTTP alone, as no script must be needed for it. */
class ConsoleSecurityTest extends UmsStory {

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    @Test
    void anUnauthenticatedRequestIsRedirectedToTheLoginAndThenToItsPage() throws Exception {
        HttpResponse<String> refused = get("/console/audit");
        assertThat(refused.statusCode()).isEqualTo(302);
        assertThat(refused.headers().firstValue("Location")).hasValue("/console/login?next=/console/audit");
        assertThat(refused.headers().allValues("Set-Cookie"))
                .as("no session before login")
                .noneMatch(it -> it.startsWith("ums_session"));

        HttpResponse<String> form = get("/console/login?next=/console/audit");
        HttpResponse<String> entered = post(
                "/console/login", form, "name=admin&next=/console/audit&password=" + encoded(UmsClient.ADMIN_PASSWORD));

        assertThat(entered.statusCode()).isEqualTo(302);
        assertThat(entered.headers().firstValue("Location")).hasValue("/console/audit");
        assertThat(entered.headers().allValues("Set-Cookie"))
                .anySatisfy(it -> assertThat(it.toLowerCase(Locale.ROOT))
                        .startsWith("ums_session=")
                        .contains("httponly", "samesite=lax", "path=/console"));
        HttpResponse<String> page = get("/console/audit");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    }

    @Test
    void theLoginDoesNotRedirectOutOfTheConsole() throws Exception {
        HttpResponse<String> form = get("/console/login");
        HttpResponse<String> entered = post(
                "/console/login",
                form,
                "name=admin&next=" + encoded("//evil.example/console") + "&password="
                        + encoded(UmsClient.ADMIN_PASSWORD));

        assertThat(entered.headers().firstValue("Location")).hasValue("/console");
        assertThat(get("/console/language?to=ko&back=" + encoded("https://evil.example"))
                        .headers()
                        .firstValue("Location"))
                .hasValue("/console");
    }

    @Test
    void aWrongPasswordIsReportedAndAFormWithoutItsTokenRefused() throws Exception {
        HttpResponse<String> form = get("/console/login");
        HttpResponse<String> wrong = post("/console/login", form, "name=admin&password=wrong");
        assertThat(wrong.headers().firstValue("Location").orElse("")).startsWith("/console/login?failed");

        HttpResponse<String> forged =
                exchange(post("/console/login", "name=admin&password=" + encoded(UmsClient.ADMIN_PASSWORD)));
        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(forged.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    }

    @Test
    void theRolesOfTheAdminApiApplyHereToo() throws Exception {
        logIn("viewer");
        HttpResponse<String> page = get("/console/keys");
        assertThat(page.statusCode()).isEqualTo(200);
        String target = UUID.randomUUID().toString();

        assertThat(post("/console/keys", page, "client=forced").statusCode()).isEqualTo(403);
        assertThat(post("/console/review/" + target, page, "decision=RETRY&reason=x")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/console/messages/" + target + "/cancel", page, "reason=x")
                        .statusCode())
                .isEqualTo(403);

        logIn("operator");
        page = get("/console/keys");
        assertThat(post("/console/keys", page, "client=forced").statusCode()).isEqualTo(403);
        assertThat(post("/console/first-message", page, "to=a@x.example").statusCode())
                .isEqualTo(403);
        assertThat(post("/console/messages/" + target + "/cancel", page, "reason=x")
                        .statusCode())
                .as("authorized, but there is no such message")
                .isEqualTo(404);
    }

    @Test
    void logoutEndsTheSession() throws Exception {
        logIn("viewer");
        assertThat(post("/console/logout", get("/console"), "").headers().firstValue("Location"))
                .hasValue("/console/login?bye");
        assertThat(get("/console").statusCode()).isEqualTo(302);
    }

    @Test
    void httpBasicAndApiKeysAreNotAccepted() {
        assertThat(ums.admin("GET", "/console", null).status()).isEqualTo(302);
        assertThat(ums.get(ums.newKey(), "/console").status()).isEqualTo(302);
    }

    @Test
    void aFormThatIsTooLongIsRefused() throws Exception {
        HttpResponse<String> form = get("/console/login");
        HttpResponse<String> refused = post("/console/login", form, "name=" + "x".repeat(300_000));
        assertThat(refused.statusCode()).isEqualTo(413);
    }

    @Test
    void aFormOfMoreThanAThousandFieldsIsRefusedBeforeLogin() throws Exception {
        HttpResponse<String> refused = exchange(post("/console/login", "a&".repeat(131_000)));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.body()).contains("\"TOO_MANY_FIELDS\"");

        HttpResponse<String> read =
                post("/console/login", get("/console/login"), "name=nobody&password=x" + "&a".repeat(900));
        assertThat(read.headers().firstValue("Location")).hasValue("/console/login?failed&next=/console");
    }

    @Test
    void anInvalidRedirectTargetIsIgnored() throws Exception {
        HttpResponse<String> entered = post(
                "/console/login",
                get("/console/login"),
                "name=viewer&password=" + encoded(UmsClient.ADMIN_PASSWORD) + "&next=/console"
                        + encoded("/a".repeat(50_000)));
        assertThat(entered.headers().firstValue("Location")).hasValue("/console");

        HttpResponse<String> chosen = get("/console/language?to=en&back=/console/" + "%EA%B0%80".repeat(800));
        assertThat(chosen.headers().firstValue("Location")).hasValue("/console");
    }

    @Test
    void pagesUseTheBrowsersLanguageUntilAnotherIsChosen() throws Exception {
        HttpRequest korean = request("/console/login")
                .header("Accept-Language", "ko-KR,ko;q=0.9")
                .build();
        assertThat(exchange(korean).body()).contains("<html lang=\"ko\">", "비밀번호");

        get("/console/language?to=en");
        assertThat(exchange(korean).body()).contains("<html lang=\"en\">", "Password");
    }

    private void logIn(String name) throws Exception {
        HttpResponse<String> entered = post(
                "/console/login",
                get("/console/login"),
                "name=" + name + "&password=" + encoded(UmsClient.ADMIN_PASSWORD));
        assertThat(entered.headers().firstValue("Location")).hasValue("/console");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return exchange(request(path).build());
    }

    /** Submits the form of a page like a browser. */
    private HttpResponse<String> post(String path, HttpResponse<String> page, String fields) throws Exception {
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        return exchange(post(path, fields + "&_csrf=" + encoded(token.group(1))));
    }

    private HttpRequest post(String path, String fields) {
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(fields))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ums.port() + path));
    }

    private HttpResponse<String> exchange(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

package ums.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import ums.Browser;
import ums.Messages;
import ums.UmsClient;
import ums.UmsClient.Answer;
import ums.provider.smtp.ScriptedSmtpServer;

/** A message that one provider may have stays with it, unless an admin names another one in a retry. */
class RetryElsewhereTest extends FailureStory {

    private static final ScriptedSmtpServer OTHER = started();

    private final List<UUID> waiting = new ArrayList<>();

    @AfterEach
    void callOffWhatWaitsForTheOneThatIsDown() {
        waiting.forEach(it -> ums.call("POST", "/api/messages/" + it + "/cancel", "Bearer " + key, new byte[0]));
    }

    @DynamicPropertySource
    static void threeProviders(DynamicPropertyRegistry registry) {
        registry.add("ums.providers.b.type", () -> "smtp");
        registry.add("ums.providers.b.host", () -> "127.0.0.1");
        registry.add("ums.providers.b.port", OTHER::port);
        registry.add("ums.providers.down.type", () -> "smtp");
        registry.add("ums.providers.down.host", () -> "127.0.0.1");
        registry.add("ums.providers.down.port", () -> 1);
        registry.add("ums.routes.email", () -> "smtp, b, down");
    }

    @Test
    void oneIsSentByTheProviderThatTheAdminNames() {
        UUID id = unknown();
        JsonNode failure = open(id);

        Answer unheardOf = decide(failure, "retry", "{\"reason\": \"x\", \"provider\": \"nobody\"}");
        assertThat(unheardOf.status()).isEqualTo(400);
        assertThat(unheardOf.code()).isEqualTo("PROVIDER_NOT_ON_ROUTE");
        Answer answer = decide(failure, "retry", "{\"reason\": \"the first has lost it\", \"provider\": \"b\"}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        awaitStatus(id, "SENT");
        assertThat(byTheOther(id)).isEqualTo(1);
        assertThat(message(id).get("provider").stringValue()).isEqualTo("b");
        assertThat(audit(id.toString()))
                .extracting(it -> it.get("action").stringValue())
                .containsExactly("failure.retry-at:b");
    }

    @Test
    void manyAreSentByTheProviderThatTheAdminNames() {
        UUID first = unknown();
        UUID second = unknown();

        Answer unheardOf = bulk("{\"reason\": \"x\", \"provider\": \"nobody\"}");
        assertThat(unheardOf.status()).isEqualTo(400);
        assertThat(unheardOf.pointers()).containsExactly("/provider");
        Answer answer = bulk("{\"reason\": \"the first is closed for good\", \"provider\": \"b\"}");

        assertThat(answer.text()).isEqualTo("{\"retried\":2}");
        for (UUID id : List.of(first, second)) {
            awaitStatus(id, "SENT");
            assertThat(byTheOther(id)).isEqualTo(1);
        }
    }

    @Test
    @EnabledIf("ums.Browser#isThere")
    void inTheConsoleTheAdminIsToldThatItMayArriveTwice() {
        UUID bound = unknown();
        Browser browser = inTheGroup();
        browser.sees("by smtp only");
        browser.sees("it may arrive twice");

        decideAbout(browser, "", "it was not seen there");
        browser.sees("1 on the way again.");
        awaitStatus(bound, "SENT");
        assertThat(byTheOther(bound)).isZero();

        UUID moved = unknown();
        inTheGroup();
        decideAbout(browser, "b", "the first has lost it");
        browser.sees("1 on the way again, by b.");
        awaitStatus(moved, "SENT");
        assertThat(byTheOther(moved)).isEqualTo(1);
        browser.open("/console/audit");
        browser.sees("Sent again by b");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    @EnabledIf("ums.Browser#isThere")
    void inTheConsoleAWholeGroupMoves() {
        List<UUID> ids = List.of(unknown(), unknown());
        Browser browser = inTheGroup();

        browser.choose("all", "true");
        browser.choose("provider", "b");
        browser.fill("reason", "the first is closed for good");
        browser.press("Send again");

        browser.sees("2 on the way again, by b.");
        ids.forEach(it -> awaitStatus(it, "SENT"));
        assertThat(ids).allSatisfy(it -> assertThat(byTheOther(it)).isEqualTo(1));
    }

    @ParameterizedTest
    @CsvSource({"en, light, 1280", "ko, dark, 375"})
    @EnabledIf("ums.Browser#isThere")
    void pagesNameTheProviders(String language, String theme, int width) {
        UUID id = unknown();
        for (int i = 0; i < 5; i++) {
            waiting.add(ums.send(key, Messages.to("kim@example.com", Map.of("provider", "down")))
                    .id());
        }
        await().until(() -> ums.get(key, "/api/messages/" + waiting.getLast())
                .json()
                .at("/waiting/reason")
                .asString()
                .equals("PROVIDER"));
        Browser browser = Browser.at(ums.port());
        browser.emulate(language, theme, width);
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);

        browser.sees("127.0.0.1:" + OTHER.port());
        browser.sees("CONNECT");
        check(browser, "overview-providers", language);
        browser.open("/console/review");
        browser.sees("smtp");
        check(browser, "review-providers", language);
        browser.script("document.querySelector('main tbody a').click()");
        await().until(() -> browser.has("select[name=provider] option[value=down]"));
        check(browser, "review-one-providers", language);
        for (UUID one : List.of(id, waiting.getFirst())) {
            browser.open("/console/messages/" + one);
            check(browser, "message-providers-" + (one.equals(id) ? "unknown" : "waiting"), language);
        }
    }

    private static void check(Browser browser, String name, String language) {
        browser.isAccessible();
        browser.fits();
        assertThat(browser.text()).as(name).doesNotContainPattern("\\?\\?[a-z][\\w.-]+\\?\\?");
        browser.screenshot(name + "-" + language);
    }

    private Browser inTheGroup() {
        Browser browser = Browser.at(ums.port());
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
        browser.open("/console/review");
        browser.follow("Nobody knows whether it was taken");
        return browser;
    }

    private static void decideAbout(Browser browser, String provider, String reason) {
        browser.script("document.querySelector('[name=failure]').click()");
        browser.choose("provider", provider);
        browser.fill("reason", reason);
        browser.press("Send again");
    }

    private Answer bulk(String body) {
        return ums.admin("POST", "/admin/failures/retry", body);
    }

    /** How often the other provider took a message. */
    private long byTheOther(UUID id) {
        String to = message(id).get("to").get(0).stringValue();
        return OTHER.mails().stream()
                .filter(it -> it.rcpts().toString().contains("<" + to + ">"))
                .count();
    }
}

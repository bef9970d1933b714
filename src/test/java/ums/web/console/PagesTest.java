package ums.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ums.Browser;
import ums.Messages;
import ums.UmsClient;
import ums.UmsStory;

/**
 * Every page in different languages, themes and widths: it fits, is accessible and translated, and loads nothing from
 * other hosts.
 */
@EnabledIf("ums.Browser#isThere")
class PagesTest extends UmsStory {

    @ParameterizedTest
    @CsvSource({"en, light, 1600", "ko, dark, 375"})
    void everyPageIsAccessible(String language, String theme, int width) {
        String key = ums.newKey();
        UUID message = ums.send(
                        key,
                        Messages.to(
                                "kim@example.com",
                                Map.of("subject", "주문이 접수되었습니다", "html", "<p>감사합니다</p>", "reference", "order:42")))
                .id();
        await().until(() -> ums.get(key, "/api/messages/" + message)
                .json()
                .get("status")
                .stringValue()
                .equals("SENT"));
        String mail = ums.inbox("kim@example.com").getFirst().get("n").toString();
        UUID loan = ums.call(
                        "POST",
                        "/api/loans",
                        "Bearer " + key,
                        ConsoleStoryTest.LOAN.formatted("kim@example.com").getBytes())
                .id();
        Browser browser = Browser.at(ums.port());
        browser.emulate(language, theme, width);
        browser.open("/console/login");
        check(browser, "login", language, theme);
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
        List<String> pages = new ArrayList<>(List.of("", "messages", "messages/" + message, "review", "inbox"));
        pages.addAll(List.of("inbox/" + mail, "loans", "loans/" + loan, "keys", "audit", "nothing"));
        for (String page : pages) {
            browser.open("/console/" + page);
            check(
                    browser,
                    page.isEmpty() ? "overview" : page.split("/")[0] + (page.contains("/") ? "-one" : ""),
                    language,
                    theme);
        }
        // Chromium logs the 404 of the missing page as an error.
        assertThat(browser.errors())
                .filteredOn(it -> !it.contains("/console/nothing"))
                .isEmpty();
        assertThat(browser.foreignRequests()).isEmpty();
    }

    private static void check(Browser browser, String name, String language, String theme) {
        browser.isAccessible();
        browser.fits();
        // Thymeleaf renders a missing text as its key between question marks.
        assertThat(browser.text()).as(name).doesNotContainPattern("\\?\\?[a-z][\\w.-]+\\?\\?");
        browser.screenshot(name + "-" + language + "-" + theme);
    }
}

package ums.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import ums.Browser;
import ums.Messages;
import ums.UmsClient;
import ums.UmsStory;

/** The console's pages of keys in a real browser. */
@EnabledIf("ums.Browser#isThere")
class KeyPagesTest extends UmsStory {

    private Browser browser;

    @BeforeEach
    void open() {
        browser = Browser.at(ums.port());
    }

    @Test
    void aKeyIsCreatedShownOnceUsedAndRevoked() {
        String client = "console-" + UUID.randomUUID();
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
        browser.open("/console/keys");

        browser.fill("client", client);
        browser.fill("name", client + "'s key");
        browser.press("Make the key");
        browser.sees("Copy it now");
        String key = browser.textOf("secret");
        browser.isAccessible();

        assertThat(ums.send(key, Messages.to("a@x.example")).status()).isEqualTo(202);
        browser.open("/console/keys");
        assertThat(browser.text()).contains(client).doesNotContain(key);

        browser.script("[...document.querySelectorAll('tr')].find(it => it.innerText.includes('" + client
                + "')).querySelector('summary').click()");
        browser.press("Revoke it for good");
        browser.sees("The key is revoked");
        assertThat(ums.send(key, Messages.to("a@x.example")).status()).isEqualTo(401);

        browser.follow("Audit");
        browser.sees("Revoked a key");
    }

    @Test
    void aKeyMayOnlyReadOnceTheOtherBoxesAreUnticked() {
        String client = "console-" + UUID.randomUUID();
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
        browser.open("/console/keys");

        browser.fill("client", client);
        List<String> others = List.of("send", "templates", "suppressions", "webhooks");
        others.forEach(it -> browser.choose("scopes", it));
        browser.choose("scopes", "read");
        browser.press("Make the key");
        browser.sees("Choose at least one.");
        browser.isAccessible();
        assertThat(browser.has("[name=scopes]:checked")).isFalse();

        browser.choose("scopes", "read");
        browser.press("Make the key");
        browser.sees("Copy it now");
        String key = browser.textOf("secret");
        assertThat(browser.script("return [...document.querySelectorAll('tr')].find(it => it.innerText.includes('"
                        + client + "')).querySelectorAll('td')[3].innerText.trim()"))
                .isEqualTo("Read");
        assertThat(ums.get(key, "/api/messages").status()).isEqualTo(200);
        assertThat(ums.send(key, Messages.to("a@x.example")).code()).isEqualTo("SCOPE_MISSING");
    }
}

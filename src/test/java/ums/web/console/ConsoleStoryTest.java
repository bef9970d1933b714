package ums.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.json.JsonMapper;
import ums.Browser;
import ums.Messages;
import ums.UmsClient;
import ums.UmsStory;

/** The console's use cases in a real browser. */
@EnabledIf("ums.Browser#isThere")
class ConsoleStoryTest extends UmsStory {

    static final String LOAN = """
            {"contractNo": "L-2026-42", "customerId": "C-7", "customerEmail": "%s", "customerName": "김하나",
             "principal": 12000000}""";

    private Browser browser;

    @BeforeEach
    void open() {
        browser = Browser.at(ums.port());
    }

    @Test
    void aFirstMessageIsSentAndReadInTheInbox() {
        String recipient = UUID.randomUUID() + "@example.com";
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
        browser.sees("SANDBOX");

        browser.fill("from", "Shop <no-reply@shop.example>");
        browser.fill("to", "Kim <" + recipient + ">");
        browser.fill("subject", "주문이 접수되었습니다");
        browser.fill("text", "감사합니다.");
        browser.press("Send");

        await().until(() -> browser.path().startsWith("/console/messages/"));
        // The page updates without interaction.
        await().until(() -> browser.has("#progress .title .s-SENT"));
        browser.sees("250");

        browser.follow("Messages");
        browser.fill("q", recipient);
        browser.press("Find");
        browser.sees(recipient);
        browser.follow("주문이 접수되었습니다");
        browser.follow("Raw");
        browser.sees("Message-ID:");

        browser.follow("Inbox");
        browser.sees(recipient);
        browser.follow("주문이 접수되었습니다");
        browser.sees("감사합니다.");
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.foreignRequests()).isEmpty();
    }

    @Test
    void faultsAreShownBesideTheFieldsAndInputIsKept() {
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);

        browser.fill("to", "no address");
        browser.fill("subject", "kept");
        browser.press("Send");

        browser.sees("Name one to 100 e-mail addresses");
        assertThat(browser.script("return document.querySelector('[name=subject]').value"))
                .isEqualTo("kept");
        browser.isAccessible();
    }

    @Test
    void aScheduledMessageIsFoundAndCanceledWithAReason() {
        String client = "console-" + UUID.randomUUID();
        String reference = "order:" + UUID.randomUUID();
        String key = ums.newKey("{\"client\": \"" + client + "\"}");
        UUID id = ums.send(
                        key,
                        Messages.to(
                                "later@example.com",
                                Map.of("scheduledAt", "2099-01-01T00:00:00Z", "reference", reference)))
                .id();
        browser.logIn("operator", UmsClient.ADMIN_PASSWORD);

        browser.open("/console/messages?q=" + id);
        browser.sees("It is scheduled for later.");
        browser.open("/console/messages?status=ACCEPTED&client=" + client);
        browser.sees(reference);
        browser.open("/console/messages?q=" + reference);
        browser.follow("A subject");
        browser.unfold("Cancel…");
        browser.fill("reason", "the order was called off");
        browser.press("Cancel the message");

        browser.sees("The message is canceled.");
        assertThat(ums.get(key, "/api/messages/" + id).json().get("status").stringValue())
                .isEqualTo("CANCELED");
        browser.follow("Audit");
        browser.sees("the order was called off");
    }

    @Test
    void theAuditLogDescribesDecisionsMadeThroughTheApi() {
        String customer = UUID.randomUUID() + "@example.com";
        String spared = "{\"recipient\": \"" + customer + "\", \"blockedChannels\": [\"email\"]}";
        assertThat(ums.admin("PUT", "/admin/contact-preferences", spared).status())
                .isEqualTo(200);
        browser.logIn("viewer", UmsClient.ADMIN_PASSWORD);

        browser.open("/console/audit");

        browser.sees(customer);
        browser.sees("Changed a customer’s contact preferences");
    }

    @Test
    void aLoanIsPaidOff() {
        String key = ums.newKey();
        UUID id = ums.call(
                        "POST",
                        "/api/loans",
                        "Bearer " + key,
                        LOAN.formatted(UUID.randomUUID() + "@example.com").getBytes())
                .id();
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
        browser.open("/console/loans/" + id);

        for (List<String> step : List.of(
                List.of("Approve", "Approved"), List.of("Disburse", "Active"), List.of("Pay off", "Paid off"))) {
            browser.fill("reason", "as agreed");
            browser.press(step.getFirst());
            await().until(() -> browser.textOf("loan-status").equals(step.getLast()));
        }

        browser.sees("Nothing more can happen to it.");
        assertThat(ums.get(key, "/api/loans/" + id).json().get("status").stringValue())
                .isEqualTo("PAID_OFF");
        browser.isAccessible();
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void aViewerSeesNoActionsAndForgedRequestsAreRefused() {
        UUID id = ums.send(ums.newKey(), Messages.to("a@x.example", Map.of("scheduledAt", "2099-01-01T00:00:00Z")))
                .id();
        browser.logIn("viewer", UmsClient.ADMIN_PASSWORD);

        for (String page : List.of("", "/messages/" + id, "/review", "/keys", "/audit")) {
            browser.open("/console" + page);
            assertThat(browser.script(
                            "return [...document.querySelectorAll('main form')].filter(it => it.method === 'post')"
                                    + ".length"))
                    .as(page)
                    .isEqualTo(0L);
        }
        // With the CSRF token of the viewer's own logout form.
        browser.script("""
                const form = document.querySelector('form[action$="/logout"]').cloneNode(true);
                form.action = '/console/messages/%s/cancel';
                document.body.append(form);
                form.submit();
                """.formatted(id));
        browser.sees("Not allowed");
        assertThat(browser.script("return performance.getEntriesByType('navigation')[0].responseStatus"))
                .isEqualTo(403L);
    }

    /** Scripts, template expressions, 10,000 characters and bidirectional control characters. */
    @Test
    void untrustedContentIsShownSafely() throws IOException {
        ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        String script = "<script>window.pwned = 1</script><img src=x onerror=\"window.pwned = 1\">";
        String nasty = "{{7919*7907}} ${7919*7907} [[${7919*7907}]] \u202Eevil\u202C " + script;
        String client = "hostile-" + UUID.randomUUID();
        String key = ums.newKey(
                JsonMapper.shared().writeValueAsString(Map.of("client", client, "name", nasty.substring(0, 60))));
        String reference = nasty + " " + UUID.randomUUID();
        String recipient = UUID.randomUUID() + "@example.com";
        UUID id = ums.send(
                        key,
                        Messages.to(
                                "\"" + script.replace("\"", "'") + "\" <" + recipient + ">",
                                Map.of(
                                        "subject",
                                        nasty,
                                        "text",
                                        script + "x".repeat(10_000),
                                        "html",
                                        script
                                                + "<LINK rel=preconnect href='http://127.0.0.1:"
                                                + stranger.getLocalPort()
                                                + "'><iframe src='http://127.0.0.1:9/frame'></iframe><meta http-equiv=refresh "
                                                + "content='0;url=http://127.0.0.1:9/refresh'><link rel=stylesheet "
                                                + "href='http://127.0.0.1:9/style'><img src='http://127.0.0.1:9/pixel'>"
                                                + "<a target=_top href='javascript:window.pwned=1'>x</a>",
                                        "headers",
                                        Map.of("X-Nasty", script),
                                        "tags",
                                        Map.of("{{7919*7907}}", script),
                                        "reference",
                                        reference)))
                .id();
        await().until(() -> ums.get(key, "/api/messages/" + id)
                .json()
                .get("status")
                .stringValue()
                .equals("SENT"));
        String mail = ums.inbox(recipient).getFirst().get("n").toString();
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);

        for (String page : List.of(
                "messages?client=" + client,
                "messages/" + id,
                "messages/" + id + "?view=html",
                "messages/" + id + "?view=headers",
                "messages/" + id + "?view=raw",
                "inbox",
                "inbox/" + mail + "?view=html",
                "inbox/" + mail + "?view=headers",
                "keys")) {
            browser.open("/console/" + page);
            assertThat(browser.script("return window.pwned === undefined && document.readyState"))
                    .as(page)
                    .isEqualTo("complete");
            assertThat(browser.text()).as(page).doesNotContain("62615533");
            browser.fits();
        }
        browser.emulate("en", "light", 375);
        browser.open("/console/messages/" + id);
        browser.fits();
        assertThat(browser.foreignRequests()).isEmpty();
        stranger.setSoTimeout(100);
        assertThatThrownBy(stranger::accept)
                .as("no connection is even opened")
                .isInstanceOf(SocketTimeoutException.class);
        stranger.close();
        // The frame's policy violations are logged, as intended.
        browser.errors();
    }
}

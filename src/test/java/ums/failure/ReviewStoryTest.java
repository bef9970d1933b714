package ums.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import ums.Browser;
import ums.UmsClient;
import ums.provider.smtp.ScriptedSmtpServer;

/** Decisions about failures in the console. */
@EnabledIf("ums.Browser#isThere")
class ReviewStoryTest extends FailureStory {

    private Browser browser;

    @BeforeEach
    void logIn() {
        browser = Browser.at(ums.port());
        browser.logIn("admin", UmsClient.ADMIN_PASSWORD);
    }

    @Test
    void aRejectedMessageIsSentAgainWithAReason() {
        UUID id = failed();
        browser.open("/console/review");
        browser.follow("The provider refused it");
        browser.sees("No such user");
        browser.isAccessible();

        browser.script("document.querySelector('[name=failure]').click()");
        browser.fill("reason", "the mailbox exists now");
        browser.press("Send again");

        browser.sees("1 on the way again.");
        awaitStatus(id, "SENT");
        assertThat(audit(id.toString()).getFirst().get("reason").stringValue()).isEqualTo("the mailbox exists now");
        browser.open("/console/review");
        browser.sees("Nothing is left to decide.");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void anUnknownOutcomeNamesTheRecipientsWhoMayGetItTwice() {
        UUID id = unknown();
        String recipient = message(id).get("recipients").get(0).get("address").stringValue();
        browser.open("/console/review");
        browser.follow("Nobody knows whether it was taken");
        browser.sees("may send it a second time");
        browser.sees(recipient);

        browser.choose("all", "true");
        browser.fill("reason", "it is in the provider's log");
        browser.press("Mark as sent");

        browser.sees("1 marked as sent.");
        awaitStatus(id, "SENT");
    }

    @Test
    void theAdminWhoDecidedFirstIsNamed() {
        UUID id = failed();
        browser.open("/console/review");
        browser.follow("The provider refused it");
        resolve(open(id), Decision.ABANDON);

        browser.script("document.querySelector('[name=failure]').click()");
        browser.fill("reason", "too late");
        browser.press("Send again");

        browser.sees("Somebody else was faster");
        browser.sees("given up");
        assertThat(message(id).get("status").stringValue()).isEqualTo("FAILED");
    }

    @Test
    void aDecisionNeedsAReasonAndSomethingToDecide() {
        failed();
        browser.open("/console/review");
        browser.follow("The provider refused it");

        browser.fill("reason", "for nothing");
        browser.press("Give up");

        browser.sees("Choose at least one message");
        assertThat(list("handled=false")).hasSize(1);
    }

    @Test
    void failuresOfTheSameErrorAreOneGroupThoughTheirRepliesNameDifferentAddresses() {
        provider.on(
                "RCPT",
                ScriptedSmtpServer.says("550 5.1.1 <a@x.example> unknown, queue 4F3A21B"),
                ScriptedSmtpServer.says("550 5.1.1 <b@y.example> unknown, queue 9C11D0E"));
        ended("FAILED", Map.of());
        ended("FAILED", Map.of());

        browser.open("/console/review");

        browser.sees("2 open");
        assertThat(browser.script("return document.querySelectorAll('main tbody tr').length"))
                .isEqualTo(1L);
    }
}

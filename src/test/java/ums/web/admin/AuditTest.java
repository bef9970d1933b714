package ums.web.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import tools.jackson.databind.JsonNode;
import ums.UmsStory;
import ums.audit.AuditLog;

/** The audit log: entries are written in the transaction of the action, and never changed. */
class AuditTest extends UmsStory {

    @Autowired
    AuditLog audit;

    @Autowired
    JdbcClient jdbc;

    @Test
    void creatingAndRevokingAKeyIsLogged() {
        UUID id = ums.admin("POST", "/admin/api-keys", "{\"client\": \"audited\"}")
                .id();
        ums.admin("DELETE", "/admin/api-keys/" + id, null);
        ums.admin("DELETE", "/admin/api-keys/" + id, null);

        List<JsonNode> entries = ums.admin("GET", "/admin/audit?limit=1000", null)
                .json()
                .get("data")
                .valueStream()
                .filter(it -> it.get("target").stringValue().equals("api-key:" + id))
                .toList();

        assertThat(entries)
                .extracting(it -> it.get("action").stringValue())
                .containsExactly("api-key.revoke", "api-key.create");
        assertThat(entries.getFirst().propertyNames())
                .containsExactlyInAnyOrder("at", "who", "action", "target", "reason");
        assertThat(entries.getFirst().get("who").stringValue()).isEqualTo("admin");
        assertThat(entries.getFirst().get("reason").isNull()).isTrue();
    }

    @Test
    void listsPageByPage() {
        ums.newKey();
        ums.newKey();

        JsonNode first = ums.admin("GET", "/admin/audit?limit=1", null).json();
        JsonNode second = ums.admin(
                        "GET",
                        "/admin/audit?limit=1&cursor=" + first.get("nextCursor").stringValue(),
                        null)
                .json();

        assertThat(first.get("data")).hasSize(1);
        assertThat(second.get("data").get(0)).isNotEqualTo(first.get("data").get(0));
        assertThat(ums.get(ums.newKey(), "/admin/audit").status()).isEqualTo(401);
    }

    @Test
    void anEntryNeedsATransaction() {
        assertThatThrownBy(() -> audit.record("kim", "test", "nothing", null))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"update audit_entry set who = 'nobody'", "delete from audit_entry", "truncate audit_entry"})
    void theDatabaseRefusesChanges(String sql) {
        ums.newKey();

        assertThatThrownBy(() -> jdbc.sql(sql).update()).hasStackTraceContaining("append-only");
    }
}

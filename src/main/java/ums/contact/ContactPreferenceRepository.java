package ums.contact;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The SQL on contact preferences. */
@Repository
class ContactPreferenceRepository {

    private static final TypeReference<List<BlockedHours>> HOURS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json = JsonMapper.builder().build();

    ContactPreferenceRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void set(ContactPreference preference) {
        jdbc.sql("""
                        insert into contact_preference (recipient, blocked, blocked_channels)
                        values (:recipient, :blocked::jsonb, :channels)
                        on conflict (recipient) do update
                        set blocked = excluded.blocked, blocked_channels = excluded.blocked_channels
                        """)
                .param("recipient", preference.recipient())
                .param("blocked", json.writeValueAsString(preference.blocked()))
                .param(
                        "channels",
                        new SqlArrayValue("text", preference.blockedChannels().toArray()))
                .update();
    }

    Optional<ContactPreference> find(String recipient) {
        return findAll(List.of(recipient)).stream().findFirst();
    }

    List<ContactPreference> findAll(Collection<String> recipients) {
        return jdbc.sql(
                        "select recipient, blocked, blocked_channels from contact_preference where recipient = any (:some)")
                .param("some", new SqlArrayValue("text", recipients.toArray()))
                .query((row, _) -> preference(row))
                .list();
    }

    private ContactPreference preference(ResultSet row) throws SQLException {
        String[] channels = (String[]) row.getArray("blocked_channels").getArray();
        return new ContactPreference(
                row.getString("recipient"),
                json.readValue(row.getString("blocked"), HOURS),
                new LinkedHashSet<>(Arrays.asList(channels)));
    }
}

package ums.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ums.channel.Channel;
import ums.channel.Form;
import ums.channel.InvalidContentException;
import ums.channel.Recipient;
import ums.channel.Violation;

/** The channel {@code note}: its addresses are nicknames such as {@code ~kim}. */
public final class NoteChannel implements Channel<NoteContent> {

    @Override
    public String name() {
        return "note";
    }

    @Override
    public Form<NoteContent> form() {
        return NoteContent.FORM;
    }

    @Override
    public Prepared<NoteContent> prepare(NoteContent content) {
        List<Violation> violations = new ArrayList<>();
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 0; i < content.to().size(); i++) {
            try {
                recipients.add(new Recipient(normalise(content.to().get(i)), Recipient.Kind.TO));
            } catch (IllegalArgumentException invalid) {
                violations.add(new Violation("/to/" + i, String.valueOf(invalid.getMessage())));
            }
        }
        if (content.to().isEmpty()) {
            violations.add(new Violation("/to", "is required"));
        }
        if (content.text().isBlank()) {
            violations.add(new Violation("/note", "is required"));
        }
        if (!violations.isEmpty()) {
            throw new InvalidContentException(violations);
        }
        return new Prepared<>(content, sender(content), recipients);
    }

    @Override
    public String normalise(String address) {
        String nick = address.strip().toLowerCase(Locale.ROOT);
        if (!nick.startsWith("~")) {
            throw new IllegalArgumentException("must be a nickname that begins with ~");
        }
        return nick;
    }

    @Override
    public String sender(NoteContent content) {
        return content.as() == null ? "" : normalise(content.as());
    }

    @Override
    public String bulkhead(Recipient recipient) {
        return recipient.address().substring(0, 2);
    }
}

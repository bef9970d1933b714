package ums.fake;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ums.channel.Content;
import ums.channel.Field;
import ums.channel.FieldType;
import ums.channel.Form;

/** A note to a few people: a content that has nothing in common with an e-mail but a text. */
public record NoteContent(
        List<String> to, @Nullable String as, @Nullable String note, Map<String, String> labels) implements Content {

    static final Form<NoteContent> FORM = new Form<>(
            values -> new NoteContent(values.texts("to"), values.text("as"), values.text("note"), values.map("labels")),
            Field.of("to", FieldType.TEXTS, NoteContent::to)
                    .inSummary()
                    .asRequired()
                    .describedAs("nicknames"),
            Field.of("as", FieldType.TEXT, NoteContent::as).inSummary(),
            Field.of("note", FieldType.TEXT, NoteContent::note).asRequired(),
            Field.of("labels", FieldType.MAP, NoteContent::labels));

    @Override
    public Stored stored() {
        return FORM.stored(this);
    }

    @Override
    public Map<String, Object> view(boolean whole) {
        return FORM.view(this, whole);
    }

    @Override
    public Preview preview() {
        return new Preview("a note", note, null, List.of(new Line("to", to)));
    }

    String text() {
        return Objects.requireNonNullElse(note, "");
    }
}

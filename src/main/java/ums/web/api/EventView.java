package ums.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import ums.channel.ErrorType;
import ums.channel.Failure;
import ums.message.TimelineEvent;
import ums.web.SmtpCode;

/** An entry of a message's timeline in the API; members without a value are left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventView(
        String type,
        Instant at,
        @Nullable Integer attempt,
        @Nullable ErrorType errorType,
        @Nullable String phase,
        @Nullable String provider,
        @Nullable String code,
        @Nullable Integer smtpCode,
        @Nullable String reply,
        @Nullable Integer count,
        @Nullable Instant until) {

    public static EventView of(TimelineEvent event) {
        Failure error = event.error();
        String code = error == null ? event.code() : error.code();
        return new EventView(
                event.type(),
                event.at(),
                event.attempt(),
                error == null ? null : error.type(),
                error == null ? null : error.phase(),
                error == null ? event.provider() : error.provider(),
                code,
                SmtpCode.of(code),
                error == null ? event.reply() : error.text(),
                event.count(),
                event.until());
    }
}

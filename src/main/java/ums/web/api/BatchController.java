package ums.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import ums.access.ApiKey;
import ums.channel.Fields;
import ums.channel.Violation;
import ums.message.Acceptance;
import ums.message.Accepted;
import ums.message.MessageService;
import ums.message.MessageStatus;
import ums.message.NewMessage;
import ums.message.Refused;
import ums.web.JsonBody;
import ums.web.Problem;
import ums.web.ProblemException;
import ums.web.Refusals;
import ums.web.guard.RateLimits;

/** Accepts many messages in one request, each as if it were sent alone. */
@RestController
class BatchController {

    private static final int MAX_MESSAGES = 1_000;

    private final MessageService messages;
    private final MessageReader reader;
    private final JsonBody bodies;
    private final RateLimits limits;

    BatchController(MessageService messages, MessageReader reader, JsonBody bodies, RateLimits limits) {
        this.messages = messages;
        this.reader = reader;
        this.bodies = bodies;
        this.limits = limits;
    }

    /** 202 once all valid messages are committed, even if there are none. */
    @PostMapping(
            path = "/api/messages/batch",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    BatchView send(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            @AuthenticationPrincipal ApiKey key,
            HttpServletResponse response) {
        if (idempotencyKey != null) {
            throw new ProblemException(Problem.of(
                    HttpStatus.BAD_REQUEST,
                    "IDEMPOTENCY_KEY_ON_BATCH",
                    "A batch has no Idempotency-Key: give each message an \"idempotencyKey\" of its own."));
        }
        JsonNode items = items(bodies.parse(body));
        limits.admitBatch(key, items.size(), response);
        @Nullable ItemView[] results = new ItemView[items.size()];
        List<NewMessage> readable = new ArrayList<>(results.length);
        List<Integer> indexes = new ArrayList<>(results.length);
        for (int i = 0; i < results.length; i++) {
            try {
                readable.add(reader.readItem(items.get(i), key));
                indexes.add(i);
            } catch (RuntimeException e) {
                results[i] = ItemView.refused(i, e);
            }
        }
        List<Acceptance> acceptances = messages.acceptAll(readable);
        for (int i = 0; i < acceptances.size(); i++) {
            int index = indexes.get(i);
            results[index] = switch (acceptances.get(i)) {
                case Accepted it -> ItemView.accepted(index, it);
                case Refused it -> ItemView.refused(index, it.reason());
            };
        }
        return BatchView.of(results);
    }

    private static JsonNode items(JsonNode batch) {
        List<Violation> violations = new ArrayList<>();
        new Fields(batch, violations).allowOnly(Set.of("messages")::contains);
        JsonNode items = batch.path("messages");
        if (!items.isArray() || items.isEmpty() || items.size() > MAX_MESSAGES) {
            violations.add(new Violation("/messages", "must be an array of 1 to " + MAX_MESSAGES + " messages"));
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(Problem.invalid(violations));
        }
        return items;
    }

    /**
     * The response to a batch.
     *
     * @param accepted how many were accepted, replays included
     * @param results one for each message, in the order of the request
     */
    record BatchView(int accepted, int rejected, List<ItemView> results) {

        private static BatchView of(@Nullable ItemView[] results) {
            List<ItemView> all = new ArrayList<>(results.length);
            for (ItemView result : results) {
                if (result == null) {
                    throw new IllegalStateException("a message of a batch has no result");
                }
                all.add(result);
            }
            int accepted = (int) all.stream().filter(it -> it.error() == null).count();
            return new BatchView(accepted, all.size() - accepted, all);
        }
    }

    /** The result of one message of a batch. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ItemView(
            int index,
            @Nullable UUID id,
            @Nullable MessageStatus status,
            @Nullable Boolean replayed,
            @Nullable ErrorView error) {

        private static ItemView accepted(int index, Accepted accepted) {
            return new ItemView(
                    index, accepted.id(), MessageStatus.ACCEPTED, accepted.replayed() ? Boolean.TRUE : null, null);
        }

        private static ItemView refused(int index, RuntimeException reason) {
            return new ItemView(index, null, null, null, ErrorView.of(Refusals.problem(reason)));
        }
    }

    /** The problem that the message would get alone. Pointers are relative to the message. */
    record ErrorView(
            int status,
            String code,
            @Nullable String detail,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Violation> errors) {

        private static ErrorView of(Problem problem) {
            return new ErrorView(problem.status().value(), problem.code(), problem.detail(), problem.errors());
        }
    }
}

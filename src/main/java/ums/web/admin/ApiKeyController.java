package ums.web.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import ums.access.ApiKey;
import ums.access.ApiKeys;
import ums.access.Scope;
import ums.reading.Reads;
import ums.web.Listing;
import ums.web.Problem;
import ums.web.ProblemException;

/** Creates, lists and revokes API keys. */
@RestController
@RequestMapping(path = "/admin/api-keys", produces = MediaType.APPLICATION_JSON_VALUE)
class ApiKeyController {

    private final ApiKeys keys;
    private final ApiKeyReader reader;
    private final Reads reads;

    ApiKeyController(ApiKeys keys, ApiKeyReader reader, Reads reads) {
        this.keys = keys;
        this.reader = reader;
        this.reads = reads;
    }

    /** The only response that contains the key itself. */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ApiKeyView> create(@RequestBody byte[] body, Principal admin) {
        ApiKeys.NewApiKey created = keys.create(admin.getName(), reader.read(body));
        return ResponseEntity.created(
                        URI.create("/admin/api-keys/" + created.key().id()))
                .header("Cache-Control", "no-store")
                .body(ApiKeyView.of(created.key(), created.secret()));
    }

    @GetMapping
    Listing<ApiKeyView> list() {
        keys.writeUses();
        return new Listing<>(reads.read(Reads.ADMINS, keys::list).stream()
                .map(it -> ApiKeyView.of(it, null))
                .toList());
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(@PathVariable UUID id, Principal admin) {
        if (!keys.revoke(admin.getName(), id)) {
            throw new ProblemException(Problem.of(HttpStatus.NOT_FOUND, "NOT_FOUND", "There is no such key."));
        }
        return ResponseEntity.noContent().build();
    }

    /** A key as admins see it. */
    record ApiKeyView(
            UUID id,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,

            String client,
            String name,
            String mode,
            Set<String> from,
            List<String> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {

        private static ApiKeyView of(ApiKey key, @Nullable String secret) {
            return new ApiKeyView(
                    key.id(),
                    secret,
                    key.client(),
                    key.name(),
                    key.mode().name().toLowerCase(Locale.ROOT),
                    key.from(),
                    key.scopes().stream().map(Scope::code).toList(),
                    key.createdAt(),
                    key.expiresAt(),
                    key.lastUsedAt());
        }
    }
}

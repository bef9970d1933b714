package ums.web.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import ums.channel.Channels;

/**
 * Adds to the description at {@code /openapi.json} what springdoc cannot derive from the controllers: request bodies,
 * which the controllers parse themselves, authentication, and error responses. They come from
 * {@code openapi/supplement.json}, by operation. The fields of a message's content come from
 * the channels, and the values of an enum from its class, which the supplement names.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String SUPPLEMENT = "openapi/supplement.json";
    private static final String ENUM = "enum";
    private static final String JSON = "application/json";
    private static final List<String> PROTECTED = List.of("401", "403", "429", "503");
    private static final Map<String, String> RATE_LIMIT_HEADERS =
            Map.of("RateLimit", "RateLimit", "RateLimit-Policy", "RateLimitPolicy");

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("UMS")
                        .version("1")
                        .description("Sends messages, never loses an accepted one, and says what became of each."));
    }

    @Bean
    OpenApiCustomizer supplement(Channels channels) {
        JsonNode supplement = read();
        MessageSchemas messages = new MessageSchemas(channels);
        messages.complete((ObjectNode) supplement.at("/components/schemas"));
        return api -> {
            messages.completeViews(api.getComponents().getSchemas());
            add(components(supplement.get("components")), api.getComponents());
            api.getPaths()
                    .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                        JsonNode more = supplement.get("operations").get(method + " " + path);
                        if (more != null) {
                            complete(operation, path, more);
                        }
                    }));
        };
    }

    private static void add(Components more, Components all) {
        more.getSchemas().forEach(all::addSchemas);
        more.getHeaders().forEach(all::addHeaders);
        more.getResponses().forEach(all::addResponses);
        more.getSecuritySchemes().forEach(all::addSecuritySchemes);
    }

    private static void complete(Operation operation, String path, JsonNode more) {
        boolean keyed = path.startsWith("/api/");
        boolean open = more.path("open").asBoolean(false);
        operation.setOperationId(more.get("id").stringValue());
        operation.setSummary(more.get("summary").stringValue());
        operation.setTags(List.of(more.get("tag").stringValue()));
        if (more.has("body")) {
            operation.setRequestBody(body(more.get("body").stringValue()));
        }
        ApiResponses responses =
                expected(operation.getResponses(), more.path("success").asString("200"));
        if (keyed) {
            responses.values().forEach(OpenApiConfiguration::addRateLimitHeaders);
        }
        if (!open) {
            operation.setSecurity(List.of(new SecurityRequirement().addList(keyed ? "apiKey" : "admin")));
            PROTECTED.forEach(it -> addProblem(responses, it));
        }
        more.path("errors").valueStream().forEach(it -> addProblem(responses, it.stringValue()));
        operation.setResponses(responses);
    }

    private static RequestBody body(String schema) {
        return new RequestBody()
                .required(true)
                .content(new Content().addMediaType(JSON, new MediaType().schema(new Schema<>().$ref(schema))));
    }

    /** The success response that springdoc derived, under each of its statuses. */
    private static ApiResponses expected(ApiResponses derived, String statuses) {
        ApiResponses responses = new ApiResponses();
        derived.values().stream().findFirst().ifPresent(it -> {
            for (String status : statuses.split(" ")) {
                responses.addApiResponse(
                        status,
                        new ApiResponse().description(it.getDescription()).content(it.getContent()));
            }
        });
        return responses;
    }

    private static void addProblem(ApiResponses responses, String status) {
        responses.addApiResponse(status, new ApiResponse().$ref("#/components/responses/Problem" + status));
    }

    private static void addRateLimitHeaders(ApiResponse response) {
        RATE_LIMIT_HEADERS.forEach((name, component) ->
                response.addHeaderObject(name, new Header().$ref("#/components/headers/" + component)));
    }

    private static JsonNode read() {
        try (InputStream supplement = new ClassPathResource(SUPPLEMENT).getInputStream()) {
            JsonNode read = JsonMapper.shared().readTree(supplement);
            read.findParents(ENUM).forEach(it -> nameConstants((ObjectNode) it));
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the supplement names an enum's class, its constants are the values. */
    private static void nameConstants(ObjectNode schema) {
        if (!schema.get(ENUM).isString()) {
            return;
        }
        try {
            Class<?> type = Class.forName(schema.get(ENUM).stringValue());
            ArrayNode constants = schema.putArray(ENUM);
            Stream.of(type.getEnumConstants()).map(Object::toString).forEach(constants::add);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(SUPPLEMENT + " names an enum that does not exist", e);
        }
    }

    private static Components components(JsonNode json) {
        try {
            return Json31.mapper().readValue(json.toString(), Components.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(SUPPLEMENT + " does not hold valid OpenAPI components", e);
        }
    }
}

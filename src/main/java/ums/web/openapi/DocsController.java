package ums.web.openapi;

import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The API's documentation page. It loads nothing from other hosts and sends nothing. */
@RestController
class DocsController {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final MediaType SCRIPT = new MediaType("text", "javascript");
    private static final MediaType STYLE = new MediaType("text", "css");

    @GetMapping("/docs")
    ResponseEntity<Resource> page() {
        return resource("docs.html", MediaType.TEXT_HTML);
    }

    @GetMapping("/docs.js")
    ResponseEntity<Resource> script() {
        return resource("docs.js", SCRIPT);
    }

    @GetMapping("/docs.css")
    ResponseEntity<Resource> style() {
        return resource("docs.css", STYLE);
    }

    private static ResponseEntity<Resource> resource(String name, MediaType type) {
        return ResponseEntity.ok()
                .contentType(new MediaType(type, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .body(new ClassPathResource("openapi/" + name));
    }
}

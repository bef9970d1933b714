package ums.web.console;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Serves untrusted content to browsers: HTML as a separate document that runs and loads nothing and has an opaque
 * origin, even when opened directly; raw mail as a download.
 */
final class Preview {

    /** The views of a mail. */
    static final Set<String> VIEWS = Set.of("text", "html", "headers", "raw");

    /** Only images embedded as data: remote ones would report to their server that the mail was opened. */
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
                    + "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    /**
     * Browsers honour {@code <link rel=preconnect>} whatever the policy, so link elements are renamed. HTML starts a
     * tag with this text only.
     */
    private static final Pattern LINK = Pattern.compile("<link", Pattern.CASE_INSENSITIVE);

    /** The bytes of a raw mail that a page shows. */
    private static final int MAX_SHOWN = 256 * 1024;

    private Preview() {}

    /** The document for the preview frame. */
    static ResponseEntity<byte[]> of(@Nullable String html) {
        if (html == null) {
            throw new NotFoundException();
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "html", StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .header("X-DNS-Prefetch-Control", "off")
                .header("Referrer-Policy", "no-referrer")
                .cacheControl(CacheControl.noStore())
                .body(LINK.matcher(html).replaceAll("<x-link").getBytes(StandardCharsets.UTF_8));
    }

    /** The raw mail as a download. */
    static ResponseEntity<byte[]> raw(byte[] mail, String name) {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("message/rfc822"))
                .header(
                        "Content-Disposition",
                        ContentDisposition.attachment()
                                .filename(name + ".eml")
                                .build()
                                .toString())
                .cacheControl(CacheControl.noStore())
                .body(mail);
    }

    /** The raw mail as text; bytes that are not UTF-8 show as replacement characters. */
    static String text(byte[] mail) {
        return new String(mail, 0, Math.min(mail.length, MAX_SHOWN), StandardCharsets.UTF_8);
    }
}

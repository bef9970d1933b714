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
 * What strangers wrote, given to a browser: HTML as a document of its own that runs nothing, loads nothing and is nobody,
 * wherever it is opened; the raw mail as a file.
 */
final class Preview {

    /** What of a mail a page shows. */
    static final Set<String> VIEWS = Set.of("text", "html", "headers", "raw");

    /** Pictures that the mail brings itself are data; others would tell their server that somebody looks. */
    private static final String NOTHING =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
                    + "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    /** Browsers connect to where {@code <link rel=preconnect>} says, whatever the policy. An element is begun by nothing else. */
    private static final Pattern LINK = Pattern.compile("<link", Pattern.CASE_INSENSITIVE);

    /** How much of a raw mail is shown on a page. */
    private static final int SHOWN = 256 * 1024;

    private Preview() {}

    /** The document for the frame. */
    static ResponseEntity<byte[]> of(@Nullable String html) {
        if (html == null) {
            throw new NotFoundException();
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "html", StandardCharsets.UTF_8))
                .header("Content-Security-Policy", NOTHING)
                .header("X-DNS-Prefetch-Control", "off")
                .header("Referrer-Policy", "no-referrer")
                .cacheControl(CacheControl.noStore())
                .body(LINK.matcher(html).replaceAll("<x-link").getBytes(StandardCharsets.UTF_8));
    }

    /** To be kept as a file. */
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

    /** To be read on a page: bytes that are no UTF-8 show as such. */
    static String text(byte[] mail) {
        return new String(mail, 0, Math.min(mail.length, SHOWN), StandardCharsets.UTF_8);
    }
}

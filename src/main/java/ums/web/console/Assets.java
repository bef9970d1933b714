package ums.web.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** The console's scripts and styles: our own, and those of WebJars, whose paths contain a version. */
@Component
class Assets {

    private static final MediaType SCRIPT = new MediaType("text", "javascript", StandardCharsets.UTF_8);
    private static final MediaType STYLE = new MediaType("text", "css", StandardCharsets.UTF_8);
    private static final Map<String, String> PATHS = Map.of(
            "console.css", "console/console.css",
            "console.js", "console/console.js",
            "charts.js", "console/charts.js",
            "icon.svg", "console/icon.svg",
            "htmx.js", "META-INF/resources/webjars/htmx.org/*/dist/htmx.min.js",
            "uplot.js", "META-INF/resources/webjars/uplot/*/dist/uPlot.iife.min.js",
            "uplot.css", "META-INF/resources/webjars/uplot/*/dist/uPlot.min.css");

    private final Map<String, Asset> assets = new LinkedHashMap<>();
    private final String version;

    Assets() {
        MessageDigest digest = sha256();
        PATHS.keySet().stream().sorted().forEach(name -> {
            byte[] bytes = read(PATHS.getOrDefault(name, ""));
            digest.update(bytes);
            assets.put(name, new Asset(type(name), bytes));
        });
        this.version = HexFormat.of().formatHex(digest.digest(), 0, 6);
    }

    /** A hash of all assets. It is part of their URLs, so that browsers may cache them indefinitely. */
    String version() {
        return version;
    }

    /** All assets by name. */
    Map<String, Asset> all() {
        return assets;
    }

    private static MediaType type(String name) {
        if (name.endsWith(".svg")) {
            return MediaType.valueOf("image/svg+xml");
        }
        return name.endsWith(".css") ? STYLE : SCRIPT;
    }

    private static byte[] read(String path) {
        try {
            Resource[] found = new PathMatchingResourcePatternResolver().getResources("classpath*:" + path);
            if (found.length != 1) {
                throw new IllegalStateException(found.length + " files at " + path);
            }
            try (InputStream file = found[0].getInputStream()) {
                return file.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A file and its media type. */
    record Asset(MediaType type, byte[] bytes) {}
}

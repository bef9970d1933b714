package ums.web.api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A digest of a JSON value. Equal values have equal digests: the order of members, white space and the spelling of
 * numbers and strings do not matter, the order of an array does.
 */
final class RequestHash {

    private RequestHash() {}

    /** SHA-256 over the value with its members sorted. */
    static byte[] of(JsonNode value) {
        MessageDigest digest = sha256();
        try (Writer writer = new OutputStreamWriter(
                new DigestOutputStream(OutputStream.nullOutputStream(), digest), StandardCharsets.UTF_8)) {
            write(value, writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return digest.digest();
    }

    private static void write(JsonNode value, Writer writer) throws IOException {
        if (value.isObject()) {
            List<String> names = value.propertyNames().stream().sorted().toList();
            writer.write("{" + names.size());
            for (String name : names) {
                text(name, writer);
                write(value.get(name), writer);
            }
        } else if (value.isArray()) {
            writer.write("[" + value.size());
            for (int i = 0; i < value.size(); i++) {
                write(value.get(i), writer);
            }
        } else if (value.isString()) {
            text(value.stringValue(), writer);
        } else if (value.isNumber()) {
            writer.write("#" + value.decimalValue().stripTrailingZeros().toString() + ";");
        } else {
            writer.write(value.toString() + ";");
        }
    }

    /** Length-prefixed, so that different lists of strings never serialize alike. */
    private static void text(String text, Writer writer) throws IOException {
        writer.write("\"" + text.length() + ":");
        writer.write(text);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

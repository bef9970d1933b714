package ums.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A file of {@code NAME=value} lines that a shell can {@code source} and only its owner may read. */
final class CredentialsFile {

    private final Path file;

    CredentialsFile(Path file) {
        this.file = file;
    }

    /** The file's values; empty if it does not exist. */
    Map<String, String> read() {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(it -> it.contains("="))
                    .collect(Collectors.toMap(
                            it -> it.substring(0, it.indexOf('=')),
                            it -> unquote(it.substring(it.indexOf('=') + 1)),
                            (_, last) -> last,
                            LinkedHashMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Replaces the file atomically, so that a concurrent reader sees either the old or the new one. */
    void write(Map<String, String> values) {
        if (values.equals(read())) {
            return;
        }
        String text = values.entrySet().stream()
                .map(it -> it.getKey() + "=" + quote(it.getValue()) + "\n")
                .collect(Collectors.joining());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path written = Files.createTempFile(
                    file.toAbsolutePath().getParent(), file.getFileName().toString(), ".tmp", ownerOnly());
            Files.writeString(written, text);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Puts a value into single quotes if it has characters that a shell would interpret. */
    private static String quote(String value) {
        return value.chars().allMatch(it -> Character.isLetterOrDigit(it) || "_-.:/@[]".indexOf(it) >= 0)
                ? value
                : "'" + value.replace("'", "'\\''") + "'";
    }

    private static String unquote(String value) {
        return value.length() >= 2 && value.startsWith("'") && value.endsWith("'")
                ? value.substring(1, value.length() - 1).replace("'\\''", "'")
                : value;
    }
}

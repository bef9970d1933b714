package ums.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes down how Maven would run these programs, so that the script can do so without Maven between it and their exit
 * code.
 */
final class Launch {

    private Launch() {}

    /** @param words the folder to write into */
    public static void main(String[] words) throws IOException {
        Path folder = Path.of(words[0]);
        Files.writeString(folder.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java") + "\n");
        Files.writeString(folder.resolve("classpath"), System.getProperty("java.class.path") + "\n");
    }
}

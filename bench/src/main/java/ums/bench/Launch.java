package ums.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the path of Java and the class path to files, so that the script can run these programs without Maven, and gets their
 * exit code.
 */
final class Launch {

    private Launch() {}

    /** @param words the folder for the files */
    public static void main(String[] words) throws IOException {
        Path folder = Path.of(words[0]);
        Files.writeString(folder.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java") + "\n");
        Files.writeString(folder.resolve("classpath"), System.getProperty("java.class.path") + "\n");
    }
}

package ums.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The account that runs PostgreSQL's programs. They refuse to run as root, so root runs them as another user.
 *
 * @param prefix the words before each command
 * @param uid the user that must own the server's files; empty where the writing user is the right owner
 */
record ServerAccount(List<String> prefix, OptionalInt uid) {

    /** Chooses the account of a folder's server: always {@link #choose}, but for tests. */
    interface Choice {
        ServerAccount choose(ServerFolder folder) throws IOException;
    }

    private static final int ROOT = 0;

    /**
     * The user {@code nobody} on practically every system, and the id that the kernel shows in a user namespace for
     * unmapped users.
     */
    private static final int NOBODY = 65534;

    /** Chooses the account for a folder that holds, or will hold, the server's files. */
    static ServerAccount choose(ServerFolder folder) throws IOException {
        if (!writesAsRoot(folder.path())) {
            return ordinary();
        }
        int owner = Files.exists(folder.data()) ? ownerOf(folder.data()) : ROOT;
        if (owner != ROOT) {
            return lowered(owner);
        }
        return Stream.of(inUserNamespace(), lowered(NOBODY))
                .filter(ServerAccount::works)
                .findFirst()
                .orElseThrow(() -> new SandboxException(
                        "PostgreSQL refuses to run as root, and here neither `unshare -U` nor `setpriv --reuid` can run"
                                + " it as somebody else.",
                        "Start UMS as an ordinary user, or set spring.datasource.url to a PostgreSQL of your own."));
    }

    /** Runs programs as the user of this process. */
    static ServerAccount ordinary() {
        return new ServerAccount(List.of(), OptionalInt.empty());
    }

    /**
     * Runs programs as root in a user namespace that maps no user: files and processes still belong to root, but seem
     * to belong to {@code nobody}, which PostgreSQL accepts. Works below folders that only root may enter.
     */
    static ServerAccount inUserNamespace() {
        return new ServerAccount(List.of("unshare", "-U"), OptionalInt.empty());
    }

    /** Runs programs as another user, which must be able to reach the folder. */
    static ServerAccount lowered(int uid) {
        String id = String.valueOf(uid);
        return new ServerAccount(
                List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"), OptionalInt.of(uid));
    }

    /** Whether a program can be run so, and resolves the name of its user as {@code initdb} does. */
    boolean works() {
        try {
            return new ProcessBuilder(command("id", "-un"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The words of a command for this account. */
    List<String> command(String program, String... arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(program);
        words.addAll(List.of(arguments));
        return words;
    }

    /** Makes this account the owner of a file, or of a folder with all its content, unless it already is. */
    void own(Path path) throws IOException {
        if (uid.isEmpty() || ownerOf(path) == uid.getAsInt()) {
            return;
        }
        List<Path> everything;
        try (Stream<Path> walk = Files.walk(path)) {
            everything = walk.toList().reversed();
        }
        // The folder itself comes last: where the account owns it, it owns the content too, even after a kill.
        for (Path each : everything) {
            Files.setAttribute(each, "unix:uid", uid.getAsInt(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static boolean writesAsRoot(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "owner", null);
        try {
            return ownerOf(file) == ROOT;
        } finally {
            Files.delete(file);
        }
    }

    private static int ownerOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}

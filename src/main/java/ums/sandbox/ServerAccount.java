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
 * Who PostgreSQL's programs run as. They refuse to run as root, so root runs them as somebody else.
 *
 * @param prefix what stands before each command
 * @param uid the user who must own the server's files, where that is not the one who writes them
 */
record ServerAccount(List<String> prefix, OptionalInt uid) {

    /** How the account of a folder's server is found: always {@link #choose}, but for the tests. */
    interface Choice {
        ServerAccount choose(ServerFolder folder) throws IOException;
    }

    private static final int ROOT = 0;

    /** The user {@code nobody} of practically every system, and how the kernel shows whom a user namespace lacks. */
    private static final int NOBODY = 65534;

    /** Decides for a folder in which the server's files are to stand, or stand from an earlier start. */
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

    /** As whoever runs UMS. */
    static ServerAccount ordinary() {
        return new ServerAccount(List.of(), OptionalInt.empty());
    }

    /**
     * As root without its powers: in a user namespace that maps nobody, root's files and processes are still root's, but
     * look like nobody's, so that PostgreSQL finds both in order. Works below folders that only root may enter.
     */
    static ServerAccount inUserNamespace() {
        return new ServerAccount(List.of("unshare", "-U"), OptionalInt.empty());
    }

    /** As another user, who must be able to reach the folder. */
    static ServerAccount lowered(int uid) {
        String id = String.valueOf(uid);
        return new ServerAccount(
                List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"), OptionalInt.of(uid));
    }

    /** Whether a program can be run so, and finds the name of its user as {@code initdb} does. */
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

    /** The words of a command that is to run as this account. */
    List<String> command(String program, String... arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(program);
        words.addAll(List.of(arguments));
        return words;
    }

    /** Gives a file, or a folder with all in it, to this account, if it is not its own already. */
    void own(Path path) throws IOException {
        if (uid.isEmpty() || ownerOf(path) == uid.getAsInt()) {
            return;
        }
        List<Path> everything;
        try (Stream<Path> walk = Files.walk(path)) {
            everything = walk.toList().reversed();
        }
        // The folder itself comes last: when it is the account's, then so is all in it, even after a kill.
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

package ums.sandbox;

/** One of PostgreSQL's programs failed. The message holds the last lines of its output and the server's. */
final class PostgresFailure extends SandboxException {

    private final String said;

    PostgresFailure(ServerFolder folder, String what, String said) {
        super(
                "The embedded PostgreSQL in %s: %s. It said:%n%s".formatted(folder.path(), what, said),
                ("Mend what it names (is the disk full?); %s may hold more."
                                + " Or set spring.datasource.url to a PostgreSQL of your own.")
                        .formatted(folder.log()));
        this.said = said;
    }

    /**
     * Whether it failed because of remaining processes of a server that was just killed, and so may succeed in a
     * moment.
     */
    boolean meetsDyingServer() {
        return said.contains("is still in use") || said.contains("lock file \"postmaster.pid\"");
    }
}

package ums.sandbox;

import java.nio.file.Path;

/** PostgreSQL's programs, unpacked once for all tests. */
final class TestPrograms {

    static final Path FOLDER = Path.of("target", "test-postgres", "programs").toAbsolutePath();

    private TestPrograms() {}
}

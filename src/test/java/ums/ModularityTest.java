package ums;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTest {

    private static final ApplicationModules MODULES = ApplicationModules.of(UmsApplication.class);
    private static final Path DOCUMENT = Path.of("docs/architecture.md");

    @Test
    void packagesDependDownwardsOnly() {
        MODULES.verify();
    }

    @Test
    void theArchitectureDocumentListsTheDependencies() throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains("```\n" + uses() + "```\n");
    }

    /** One line for each package, starting with packages that no other uses. */
    private static String uses() {
        return MODULES.stream()
                .sorted(comparing(ModularityTest::below).reversed().thenComparing(ModularityTest::name))
                .map(it -> "%-13s → %s"
                                .formatted(name(it), String.join(" ", direct(it)))
                                .strip() + "\n")
                .collect(joining());
    }

    private static String name(ApplicationModule module) {
        return module.getIdentifier().toString();
    }

    private static List<String> direct(ApplicationModule module) {
        return module.getDirectDependencies(MODULES)
                .uniqueModules()
                .map(ModularityTest::name)
                .sorted()
                .toList();
    }

    private static long below(ApplicationModule module) {
        return module.getAllDependencies(MODULES).uniqueModules().count();
    }
}

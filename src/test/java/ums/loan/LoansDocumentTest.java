package ums.loan;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The diagram in docs/loans.md matches the table of transitions. */
class LoansDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/loans.md");
    private static final String BEGIN = "```mermaid\n";
    private static final String END = "```\n";

    @Test
    void theDiagramMatchesTheTable() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END, begin);

        if (Boolean.getBoolean("preview.write")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + diagram() + document.substring(end));
            return;
        }
        assertThat(document.substring(begin, end))
                .as("mvn test -Dtest=LoansDocumentTest -Dpreview.write=true writes it anew")
                .isEqualTo(diagram());
    }

    private static String diagram() {
        Stream<String> arrows =
                LoanTransitions.TABLE.stream().map(it -> it.from() + " --> " + it.to() + ": " + it.event());
        Stream<String> ends = Stream.of(LoanStatus.values())
                .filter(it -> LoanTransitions.allowed(it).isEmpty())
                .map(it -> it + " --> [*]");
        return Stream.of(Stream.of("[*] --> " + LoanTransitions.FIRST), arrows, ends)
                .flatMap(it -> it)
                .map(it -> "    " + it + "\n")
                .collect(joining("", "stateDiagram-v2\n", ""));
    }
}

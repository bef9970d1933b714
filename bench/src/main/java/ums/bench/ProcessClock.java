package ums.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import ums.bench.agent.ClockAgent;
import ums.bench.agent.FakeClock;

/** The clocks of a UMS process, which {@link ClockAgent} replaces. */
final class ProcessClock {

    private static final String AGENT = "clock-agent.jar";
    private static final List<String> CLASSES = List.of(
            "ClockAgent", "ClockAgent$1", "ConstantPool", "ConstantPool$Methods", "FakeClock", "FakeClock$Wall");

    private final Path file;
    private final ByteBuffer offsets;

    /** @param file the file from which the process reads its offsets */
    ProcessClock(Path file) throws IOException {
        this.file = file;
        this.offsets = FakeClock.map(file);
    }

    /** Writes the agent's jar into a folder. */
    static void pack(Path folder) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), ClockAgent.class.getName());
        try (OutputStream out = Files.newOutputStream(folder.resolve(AGENT));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (String name : CLASSES) {
                try (InputStream in = ClockAgent.class.getResourceAsStream(name + ".class")) {
                    if (in == null) {
                        throw new IOException("the agent's class " + name + " is missing");
                    }
                    jar.putNextEntry(
                            new ZipEntry(ClockAgent.class.getPackageName().replace('.', '/') + "/" + name + ".class"));
                    in.transferTo(jar);
                }
            }
        }
    }

    /** The option for {@code java}. */
    String option(Path folder) {
        return "-javaagent:" + folder.resolve(AGENT) + "=" + file;
    }

    /** Sets the wall clock ahead of the true time, or behind it if negative. */
    void ahead(Duration duration) {
        FakeClock.set(offsets, FakeClock.WALL, duration.toNanos());
    }

    /** Sets the monotonic clock back, as if it had stood still for this long. */
    void stoodStill(Duration duration) {
        FakeClock.set(offsets, FakeClock.MONOTONIC, FakeClock.get(offsets, FakeClock.MONOTONIC) + duration.toNanos());
    }
}

package ums.bench.agent;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes UMS's classes read {@link FakeClock} instead of the system's clocks; the JDK and libraries keep the true time. */
public final class ClockAgent {

    private static final String SERVER = "ums/";
    private static final String TARGET = FakeClock.class.getName().replace('.', '/');
    private static final Set<String> METHODS = Set.of(
            "java/lang/System.nanoTime()J",
            "java/lang/System.currentTimeMillis()J",
            "java/time/Instant.now()Ljava/time/Instant;",
            "java/time/Clock.systemUTC()Ljava/time/Clock;");

    private ClockAgent() {}

    /** @param file the file with the offsets */
    public static void premain(String file, Instrumentation instrumentation) throws IOException {
        FakeClock.use(Path.of(file));
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
                return name != null && name.startsWith(SERVER) && !name.startsWith("ums/bench/") ? led(bytes) : null;
            }
        });
    }

    private static byte @Nullable [] led(byte[] bytes) {
        try {
            return new ConstantPool(bytes)
                    .lead((owner, name, type) -> METHODS.contains(owner + "." + name + type), TARGET);
        } catch (IOException e) {
            // The JVM ignores exceptions of a transformer, and the class would keep the true time, so the JVM is
            // halted.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
            return null;
        }
    }
}

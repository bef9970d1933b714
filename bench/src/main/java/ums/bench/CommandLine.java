package ums.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code --name value …}, and after {@code --} settings that are passed to UMS. Each option is taken once by the code that
 * knows it.
 */
public final class CommandLine {

    private final Map<String, String> named = new HashMap<>();
    private final List<String> extra;

    /** @throws IllegalArgumentException if the command line does not have this form */
    public CommandLine(List<String> words) {
        int i = 0;
        for (; i < words.size() && !words.get(i).equals("--"); i += 2) {
            if (!words.get(i).startsWith("--") || i + 1 == words.size()) {
                throw new IllegalArgumentException("not understood: " + words.get(i));
            }
            named.put(words.get(i).substring(2), words.get(i + 1));
        }
        extra = i < words.size() ? List.copyOf(words.subList(i + 1, words.size())) : List.of();
    }

    /** The value of an option, or the default. */
    public String take(String name, String otherwise) {
        String value = named.remove(name);
        return value == null ? otherwise : value;
    }

    /** A whole number. */
    public int take(String name, int otherwise) {
        return Integer.parseInt(take(name, String.valueOf(otherwise)));
    }

    /** The settings after {@code --}. */
    public List<String> extra() {
        return extra;
    }

    /** Refuses options that were not taken. Called after the last {@code take}. */
    public void refuseOthers() {
        if (!named.isEmpty()) {
            throw new IllegalArgumentException("not understood: " + named.keySet());
        }
    }
}

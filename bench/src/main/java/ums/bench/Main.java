package ums.bench;

import java.io.IOException;

/** Runs the scenario that the command line names. */
final class Main {

    private Main() {}

    /** See {@link Options#HELP}. */
    public static void main(String[] words) {
        if (words.length > 0 && words[0].equals("--help")) {
            System.out.print(Options.HELP);
            return;
        }
        Options options;
        try {
            options = Options.of(words);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.HELP);
            System.exit(2);
            return;
        }
        System.exit(run(options));
    }

    private static int run(Options options) {
        try {
            return kept(options) ? 0 : 1;
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            return 2;
        }
    }

    private static boolean kept(Options options) throws IOException, InterruptedException {
        return switch (options.scenario()) {
            case "chaos" -> Chaos.run(options);
            case "share", "share-killed", "share-stopped", "share-outage" -> Share.run(options);
            case "server-down" -> ServerDown.run(options);
            case "overtake" -> Overtake.run(options);
            case "sigterm" -> Sigterm.run(options);
            case "hang-domain" -> HangDomain.run(options);
            case "kafka", "kafka-chaos", "kafka-away", "kafka-off" -> Kafka.run(options);
            case "limits" -> Limits.run(options);
            case "loans" -> Loans.run(options);
            case "clocks" -> Clocks.run(options);
            case "large" -> Large.run(options);
            case "lists" -> Lists.run(options);
            case "forms" -> Forms.run(options);
            case "slow-clients" -> SlowClients.run(options);
            default -> throw new IllegalArgumentException("no such scenario: " + options.scenario());
        };
    }
}

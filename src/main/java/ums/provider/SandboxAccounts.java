package ums.provider;

import java.util.function.Consumer;
import ums.channel.Content;

/** The accounts that let nothing leave the machine. */
public interface SandboxAccounts {

    /** The id of all of them. */
    String ID = "inbox";

    /** Takes a channel's live messages where no provider of any channel is configured. */
    Provider<?> live(String channel, Consumer<CircuitChanged> circuitListener);

    /** Takes a channel's messages of test keys, whatever is configured. */
    Provider<Content> test(String channel);
}

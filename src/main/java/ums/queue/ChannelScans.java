package ums.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import ums.channel.Channels;

/**
 * Scans the queue channel by channel, as each has an index range, marks and a share of the oldest of its own. Only one component
 * of a process scans: it either claims or relays.
 */
@Component
final class ChannelScans {

    private final Map<String, ChannelScan> byChannel;
    private final List<ChannelScan> scans;
    private final AtomicInteger turns = new AtomicInteger();

    ChannelScans(Channels channels) {
        this.scans = channels.names().stream().map(ChannelScan::new).toList();
        this.byChannel = scans.stream().collect(Collectors.toMap(ChannelScan::channel, Function.identity()));
    }

    /** Scans for {@code max} entries at most. Each time another channel is first, so that none waits for the others. */
    <T> List<T> scan(int max, Search<T> search) {
        int first = turns.getAndUpdate(it -> (it + 1) % scans.size());
        List<T> found = new ArrayList<>(max);
        for (int i = 0; i < scans.size() && found.size() < max; i++) {
            found.addAll(search.find(scans.get((first + i) % scans.size()), max - found.size()));
        }
        return found;
    }

    /** Entries have become ready again. */
    void readyAgain(List<QueueRepository.Ready> entries) {
        for (QueueRepository.Ready each : entries) {
            ChannelScan scan = byChannel.get(each.channel());
            if (scan != null) {
                scan.mark().readyAgain(each.priority(), each.id());
            }
        }
    }

    /** Finds entries of one channel, {@code max} at most. */
    interface Search<T> {

        List<T> find(ChannelScan scan, int max);
    }

    /** What is kept between two scans of a channel. */
    record ChannelScan(String channel, LowWaterMark mark, FairShare fairShare) {

        private ChannelScan(String channel) {
            this(channel, new LowWaterMark(System::nanoTime), new FairShare());
        }

        /** How many of the next {@code max} entries are to be the oldest ones. */
        int oldest(int max, LowWaterMark.Marks from) {
            return from.allPriorities() ? Math.max(1, fairShare.of(max)) : fairShare.of(max);
        }
    }
}

package ums.queue;

/**
 * The share of claimed entries that are the oldest ones, whatever their priority: one in sixteen. By priority alone, a steady
 * stream of HIGH messages would starve LOW ones; by age, every entry is the oldest at some time. The share is counted over all
 * claims of the process. Rounded up within each claim it would be half of the entries or more, as a busy process claims one or
 * two at a time.
 */
final class FairShare {

    private static final int ONE_IN = 16;

    private int counted;

    /** Returns how many of a claim's {@code max} entries are to be the oldest ones. Called before each claim. */
    synchronized int of(int max) {
        counted += max;
        int share = counted / ONE_IN;
        counted %= ONE_IN;
        return share;
    }
}

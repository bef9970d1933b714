package ums.queue;

/**
 * How much of what is claimed goes to the oldest, whatever their priority: one in sixteen. By priority alone, a steady
 * stream of HIGH messages would starve LOW ones for ever; by age each order is the oldest some day. The share is counted
 * over all claims of the process rather than rounded within each, as a busy process claims one or two at a time, and half
 * of those would be no overtaking any more.
 */
final class FairShare {

    private static final int ONE_IN = 16;

    private int counted;

    /** Called before each claim; how many of its {@code max} orders are to be the oldest ones. */
    synchronized int of(int max) {
        counted += max;
        int share = counted / ONE_IN;
        counted %= ONE_IN;
        return share;
    }
}

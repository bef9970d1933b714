package ums.bench.speed.peer;

import java.util.function.Consumer;

/** A library that keeps jobs in a table and works them off. */
interface Peer {

    /** Puts so many jobs there, numbered from 0, while nothing works. */
    void fill(int count, String text);

    /** Works them off with what is to be done for each, its text being all that it knows. */
    void start(Consumer<String> job);

    /** How many the table still holds. */
    String remaining();
}

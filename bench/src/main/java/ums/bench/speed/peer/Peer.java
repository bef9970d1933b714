package ums.bench.speed.peer;

import java.util.function.Consumer;

/** A library that stores jobs in a table and executes them. */
interface Peer {

    /** Adds jobs, numbered from 0, without executing them. */
    void fill(int count, String text);

    /** Executes the jobs: calls the consumer with each job's text. */
    void start(Consumer<String> job);

    /** The query for the number of remaining jobs. */
    String remaining();
}

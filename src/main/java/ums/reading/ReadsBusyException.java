package ums.reading;

/** Others read so much at the moment that there was no capacity for one more within the time that a caller may wait. */
public class ReadsBusyException extends RuntimeException {}

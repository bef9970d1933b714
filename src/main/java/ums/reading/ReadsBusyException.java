package ums.reading;

/** There are too many reads at the moment: none ended within the time that a caller may wait. */
public class ReadsBusyException extends RuntimeException {}

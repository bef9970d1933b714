package ums.web.console;

/** What a page was to show is not there, or not any more. */
class NotThereException extends RuntimeException {

    NotThereException() {
        super("not there");
    }
}

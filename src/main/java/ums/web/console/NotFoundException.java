package ums.web.console;

/** What a page was to show is not there, or not any more. */
class NotFoundException extends RuntimeException {

    NotFoundException() {
        super("not there");
    }
}

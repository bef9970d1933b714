package ums.web.console;

/** The object of a page does not exist, or no longer. */
class NotFoundException extends RuntimeException {

    NotFoundException() {
        super("not found");
    }
}

package ums.delivery;

import ums.channel.Failure;
import ums.logging.MessageLog.Subject;

/**
 * An attempt went on to the route's next provider, so that its result will not tell what was wrong at this one.
 *
 * @param subject the attempt
 * @param failure why, with the id of the provider that could not have the message
 * @param next the id of the provider that is asked now
 */
public record WentOn(Subject subject, Failure failure, String next) {}

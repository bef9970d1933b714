/**
 * The interface between the dispatcher and the channels: deliveries and their outcomes. Each channel is a package of
 * its own.
 */
@NullMarked
package ums.channel;

import org.jspecify.annotations.NullMarked;

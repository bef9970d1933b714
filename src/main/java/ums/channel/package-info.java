/** How a message leaves: what a channel is asked to send and what it answers. One folder a channel. */
@NullMarked
package ums.channel;

import org.jspecify.annotations.NullMarked;

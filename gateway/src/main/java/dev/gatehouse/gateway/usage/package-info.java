/**
 * What each tenant does, counted on the event loops and handed to the control plane every few
 * seconds.
 *
 * <p><b>In:</b> every request when it has ended, and every open WebSocket. <b>Out:</b> numbered
 * reports, on disk until the control plane has taken them.
 */
@NullMarked
package dev.gatehouse.gateway.usage;

import org.jspecify.annotations.NullMarked;

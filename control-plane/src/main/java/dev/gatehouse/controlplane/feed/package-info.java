/** How changes reach the gateways: what is published, and who has applied it. */
@NullMarked
package dev.gatehouse.controlplane.feed;

import org.jspecify.annotations.NullMarked;

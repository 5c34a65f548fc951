/**
 * The feed: what the control plane tells the gateways, and what they say they have applied.
 *
 * <p>In comes a change, in the transaction that makes it, through {@link
 * dev.gatehouse.controlplane.feed.EdgePublisher}. It takes the next revision and, once committed,
 * wakes the {@link dev.gatehouse.controlplane.feed.ChangeReader} of every control-plane instance,
 * which reads it once into the {@link dev.gatehouse.controlplane.feed.ChangeWindow} that all {@link
 * dev.gatehouse.controlplane.feed.FeedSession}s of the instance send from. Gateways post back what
 * they have applied, and {@link dev.gatehouse.controlplane.feed.GatewayFleet} waits for that.
 *
 * <p>What may fail: the database, which ends nothing (sessions go on when it is back), a gateway
 * that reads too slowly, which is cut off, and a gateway that knows too little or too much, which
 * gets a snapshot.
 */
@NullMarked
package dev.gatehouse.controlplane.feed;

import org.jspecify.annotations.NullMarked;

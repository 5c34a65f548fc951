/**
 * What the gateway knows of every tenant, in memory.
 *
 * <p>In: the lines of the control plane's feed, or of the snapshot on disk. Out: a {@link
 * dev.gatehouse.gateway.directory.Tenant} by host or id, an {@link
 * dev.gatehouse.gateway.directory.ApiKey} by its id, the routes and the signing keys. One thread
 * writes, the feed's; every event loop reads, without locks. When the control plane is away, what
 * is here goes on holding.
 */
@NullMarked
package dev.gatehouse.gateway.directory;

import org.jspecify.annotations.NullMarked;

/**
 * What the control plane tells the gateways: the objects that the edge needs and the feed that
 * carries them.
 *
 * <p>A feed is a sequence of {@link dev.gatehouse.contract.edge.FeedMessage}s, one JSON document a
 * line (NDJSON). Readers ignore fields that they do not know, so that a newer control plane can
 * feed an older gateway.
 */
@NullMarked
package dev.gatehouse.contract.edge;

import org.jspecify.annotations.NullMarked;

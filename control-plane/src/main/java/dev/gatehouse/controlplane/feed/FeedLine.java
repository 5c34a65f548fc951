package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import io.vertx.core.buffer.Buffer;

/**
 * A message as it goes over the wire, encoded once for all gateways.
 *
 * @param revision of the message
 * @param text one line of JSON with its line feed; never changed
 */
record FeedLine(long revision, Buffer text) {
  static FeedLine of(FeedMessage message) {
    return new FeedLine(message.revision(), Buffer.buffer(FeedCodec.encode(message) + "\n"));
  }
}

package dev.gatehouse.gateway.outside;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;

/** Services as the control plane would send them, each with one endpoint on this machine. */
final class Services {
  private Services() {}

  /** Spoken to in HTTP/1.1. */
  static EdgeService http1(String name, int port) throws MalformedFeedException {
    return of(name, port, "");
  }

  /** Spoken to in HTTP/2, by prior knowledge. */
  static EdgeService http2(String name, int port) throws MalformedFeedException {
    return of(name, port, ",\"protocol\":\"h2\"");
  }

  /**
   * A service with settings of its own.
   *
   * @param settings more members of the JSON object, each after a comma
   */
  static EdgeService of(String name, int port, String settings) throws MalformedFeedException {
    return (EdgeService)
        FeedCodec.decodeObject(
            EdgeObject.Kind.SERVICE,
            """
            {"name":"%s","endpoints":[{"host":"127.0.0.1","port":%d,"tls":false}]%s}
            """
                .formatted(name, port, settings));
  }

  /** Spoken to in HTTP/1.1 under TLS. */
  static EdgeService tls(String name, int port, String settings) throws MalformedFeedException {
    return (EdgeService)
        FeedCodec.decodeObject(
            EdgeObject.Kind.SERVICE,
            """
            {"name":"%s","endpoints":[{"host":"127.0.0.1","port":%d,"tls":true}]%s}
            """
                .formatted(name, port, settings));
  }
}

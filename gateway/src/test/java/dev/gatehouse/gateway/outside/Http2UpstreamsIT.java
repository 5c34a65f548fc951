package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.Platform;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** curl before Node and Vert.x, both of which are spoken to in HTTP/2 by prior knowledge. */
class Http2UpstreamsIT extends CurlMatrix {
  private final NodeUpstream node = new NodeUpstream();

  Http2UpstreamsIT() throws IOException {}

  @Override
  Map<String, String> routes(Platform gateway) throws Exception {
    return new TreeMap<>(
        Map.of(
            "node", gateway.route(Services.http2("node", node.http2Port())),
            "vertx", gateway.route(Services.http2("vertx", gateway.upstream.port()))));
  }

  @Override
  void stopUpstreams() {
    node.close();
  }
}

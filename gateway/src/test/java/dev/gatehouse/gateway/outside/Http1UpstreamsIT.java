package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.Platform;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** curl before nginx, Node and Vert.x, all of which are spoken to in HTTP/1.1. */
class Http1UpstreamsIT extends CurlMatrix {
  private final NginxUpstream nginx = NginxUpstream.start();
  private final NodeUpstream node = new NodeUpstream();

  Http1UpstreamsIT() throws IOException {}

  @Override
  Map<String, String> routes(Platform gateway) throws Exception {
    return new TreeMap<>(
        Map.of(
            "nginx", gateway.route(Services.http1("nginx", nginx.port())),
            "node", gateway.route(Services.http1("node", node.http1Port())),
            "vertx", gateway.route(Services.http1("vertx", gateway.upstream.port()))));
  }

  @Override
  void stopUpstreams() {
    nginx.close();
    node.close();
  }
}

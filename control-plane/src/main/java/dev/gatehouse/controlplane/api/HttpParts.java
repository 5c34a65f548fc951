package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Those of a request that came over HTTP. */
record HttpParts(RoutingContext context) implements RequestParts {
  @Override
  public String line() {
    HttpServerRequest http = context.request();
    return http.method() + " " + http.uri();
  }

  @Override
  public Set<String> queryNames() {
    return context.queryParams().names();
  }

  @Override
  public String path(String name) {
    return Objects.requireNonNull(context.pathParam(name), name);
  }

  @Override
  public List<String> query(String name) {
    return context.queryParam(name);
  }

  @Override
  public List<String> header(String name) {
    return context.request().headers().getAll(name);
  }

  @Override
  public Buffer body() {
    Buffer body = context.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }
}

package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.signature.Message;
import io.vertx.core.http.HttpClientRequest;
import java.util.List;

/**
 * A request as its upstream will see it, to be signed.
 *
 * @param authority what goes out as Host, or as {@code :authority}
 * @param pathLength how much of its target is path
 */
record SentRequest(HttpClientRequest sending, String authority, int pathLength)
    implements Message.Request {
  static SentRequest of(HttpClientRequest sending, String authority) {
    String target = sending.getURI();
    int mark = target.indexOf('?');
    return new SentRequest(sending, authority, mark < 0 ? target.length() : mark);
  }

  @Override
  public String method() {
    return sending.getMethod().name();
  }

  @Override
  public String scheme() {
    return sending.connection().isSsl() ? "https" : "http";
  }

  @Override
  public String path() {
    return sending.getURI().substring(0, pathLength);
  }

  @Override
  public String query() {
    return sending.getURI().substring(pathLength);
  }

  @Override
  public List<String> header(String name) {
    return sending.headers().getAll(name);
  }
}

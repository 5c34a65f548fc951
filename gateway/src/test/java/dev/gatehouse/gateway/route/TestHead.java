package dev.gatehouse.gateway.route;

import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.tls.PeerCertificates;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/** The head of a request that was never sent. */
public record TestHead(HttpMethod method, String uri, MultiMap allHeaders) implements RequestHead {

  public static TestHead get(String uri) {
    return new TestHead(HttpMethod.GET, uri, MultiMap.caseInsensitiveMultiMap());
  }

  TestHead with(HttpMethod other) {
    return new TestHead(other, uri, allHeaders);
  }

  TestHead with(String name, String value) {
    allHeaders.add(name, value);
    return this;
  }

  /** As the admission makes it of what is in normal form. */
  public Sanitized sanitized() {
    int query = uri.indexOf('?');
    return new Sanitized(this, "acme.example.test", uri, query < 0 ? uri.length() : query, 0);
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public ClientAddress client() {
    return ClientAddress.of("192.0.2.1", "http");
  }

  @Override
  public String forwardedFor() {
    return "192.0.2.1";
  }

  @Override
  public String namedScheme() {
    return "https";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public HostAndPort authority() {
    return HostAndPort.create("acme.example.test", 8080);
  }

  @Override
  public RequestHeaders headers() {
    return RequestHeaders.of(allHeaders);
  }

  @Override
  public PeerCertificates peerCertificates() {
    return PeerCertificates.NONE;
  }

  @Override
  public @Nullable String serverName() {
    return null;
  }

  @Override
  public boolean isEnded() {
    return true;
  }

  @Override
  public void tenant(Tenant resolved) {}
}

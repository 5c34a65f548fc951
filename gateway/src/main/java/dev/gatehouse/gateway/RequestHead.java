package dev.gatehouse.gateway;

import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.tls.PeerCertificates;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/**
 * All that is decided about a request is decided by this: what came before its body. There are two:
 * an {@link Exchange}, which is answered, and one that is only explained. A stage cannot tell one
 * from the other.
 */
public interface RequestHead {
  /** The method. */
  HttpMethod method();

  /** The protocol's version. */
  HttpVersion version();

  /** {@code http} or {@code https}, as the client speaks it. */
  String scheme();

  /** The scheme that the request itself names, as HTTP/2 has it; null if it names none. */
  @Nullable String namedScheme();

  /** From where it comes; null for one that is only explained, and comes from nowhere. */
  @Nullable ClientAddress client();

  /** The client and the trusted proxies, as {@code X-Forwarded-For} says them. */
  String forwardedFor();

  /** The request target as it came. */
  String uri();

  /** {@code :authority} of HTTP/2, else the Host; null if there is none that can be read. */
  @Nullable HostAndPort authority();

  /** Those headers that the gateway itself acts on. */
  RequestHeaders headers();

  /** All headers. */
  MultiMap allHeaders();

  /** The certificates that its connection came with; costs nothing until somebody asks. */
  PeerCertificates peerCertificates();

  /** The host that its connection was begun for, in lower case (SNI); null if that is unknown. */
  @Nullable String serverName();

  /** Whether it is known that no body comes. */
  boolean isEnded();

  /** Is told whose request it is as soon as that is known, even where it is then refused. */
  void tenant(Tenant resolved);
}

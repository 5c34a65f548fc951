package dev.gatehouse.controlplane.api;

import dev.gatehouse.contract.net.AddressRange;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds from where requests come: from the nearest address that is not a trusted proxy's, by {@code
 * X-Forwarded-For}. What others write there counts for nothing.
 */
public final class ClientAddresses implements Handler<RoutingContext> {
  private static final String KEY = ClientAddresses.class.getName();
  private static final String SECURE = KEY + ".secure";

  private final List<AddressRange> trusted;

  /**
   * @param trusted the proxies whose word is taken
   */
  public ClientAddresses(List<AddressRange> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  @Override
  public void handle(RoutingContext context) {
    context.put(KEY, find(context.request()));
    context.put(SECURE, cameOverTls(context.request()));
    context.next();
  }

  /** The address from which a request comes, as text. */
  static String of(RoutingContext context) {
    return Optional.<String>ofNullable(context.get(KEY)).orElseGet(() -> peerOf(context.request()));
  }

  /** Whether the client speaks TLS, with this process or with a trusted proxy before it. */
  public static boolean isSecure(RoutingContext context) {
    return context.request().isSSL() || Boolean.TRUE.equals(context.<Boolean>get(SECURE));
  }

  /** By the nearest proxy's word, which is the last one where there are several. */
  private boolean cameOverTls(HttpServerRequest request) {
    List<String> schemes = request.headers().getAll("X-Forwarded-Proto");
    return isTrusted(peerOf(request))
        && !schemes.isEmpty()
        && List.of(schemes.getLast().split(",", -1)).getLast().strip().equalsIgnoreCase("https");
  }

  private String find(HttpServerRequest request) {
    String client = peerOf(request);
    List<String> hops = new ArrayList<>();
    for (String value : request.headers().getAll("X-Forwarded-For")) {
      hops.addAll(List.of(value.split(",", -1)));
    }
    for (String hop : hops.reversed()) {
      Optional<InetAddress> address = AddressRange.addressOf(hop.strip());
      if (!isTrusted(client) || address.isEmpty()) {
        break;
      }
      client = address.get().getHostAddress();
    }
    return client;
  }

  private boolean isTrusted(String address) {
    return AddressRange.addressOf(address)
        .filter(known -> trusted.stream().anyMatch(range -> range.contains(known)))
        .isPresent();
  }

  private static String peerOf(HttpServerRequest request) {
    return Optional.ofNullable(request.remoteAddress().hostAddress()).orElse("");
  }
}

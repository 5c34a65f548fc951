package dev.gatehouse.gateway.client;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds from where the requests of one listener come. Belongs to one event loop. What it knows of a
 * connection's peer it remembers for the connections that were used last, so that a request costs
 * one look into a table.
 */
public final class ClientAddresses {
  private static final int REMEMBERED = 1024;

  private final ProxyConfig config;
  private final AddressSet trusted;
  private final String scheme;
  private final @Nullable Peer[] recent = new Peer[REMEMBERED];

  /**
   * @param secure whether the listener speaks TLS
   */
  public ClientAddresses(ProxyConfig config, boolean secure) {
    this.config = config;
    this.trusted = AddressSet.of(config.trusted());
    this.scheme = secure ? "https" : "http";
  }

  /**
   * Closes a connection that may not be there: where the PROXY protocol is required, nobody but
   * trusted proxies may connect, because anybody could write the header.
   */
  public void opened(HttpConnection connection) {
    if (config.protocol() == ProxyProtocol.REQUIRED
        && !trusts(addressOf(connection.remoteAddress(true)))) {
      connection.close();
    }
  }

  /** From where a request comes: from the nearest address that is not a trusted proxy's. */
  public ClientAddress of(HttpServerRequest request) {
    Peer peer = peerOf(request);
    return peer.trusted ? behind(peer, request) : peer.address;
  }

  @SuppressWarnings("ReferenceEquality") // A connection has one address object for all its life.
  private Peer peerOf(HttpServerRequest request) {
    SocketAddress remote = request.remoteAddress();
    int slot = System.identityHashCode(remote) & (REMEMBERED - 1);
    Peer known = recent[slot];
    if (known != null && known.socketAddress == remote) {
      return known;
    }
    // What came through the PROXY protocol may be no address at all.
    SocketAddress usable =
        remote.hostAddress() == null ? request.connection().remoteAddress(true) : remote;
    ClientAddress address = addressOf(usable);
    Peer peer = new Peer(remote, address, trusts(address));
    recent[slot] = peer;
    return peer;
  }

  private ClientAddress behind(Peer peer, HttpServerRequest request) {
    Optional<List<Hop>> way = Hop.of(request.headers(), config.header());
    Deque<String> proxies = new ArrayDeque<>();
    String before = peer.address.address();
    InetAddress client = null;
    String spoken = scheme;
    for (Hop hop : way.orElse(List.of()).reversed()) {
      Optional<InetAddress> address = hop.address();
      if (address.isEmpty()) {
        return peer.address;
      }
      proxies.addFirst(before);
      client = address.get();
      spoken = schemeOf(hop, spoken);
      if (!trusted.contains(IpBits.of(client))) {
        break;
      }
      before = AddressText.of(client);
    }
    return client == null ? peer.address : new ClientAddress(client, spoken, List.copyOf(proxies));
  }

  private boolean trusts(ClientAddress address) {
    IpBits bits = address.bits();
    return bits != null && trusted.contains(bits);
  }

  private static String schemeOf(Hop hop, String otherwise) {
    return switch (hop.scheme().toLowerCase(Locale.ROOT)) {
      case "http" -> "http";
      case "https" -> "https";
      default -> otherwise;
    };
  }

  private ClientAddress addressOf(SocketAddress address) {
    String text = address.hostAddress();
    return ClientAddress.of(text == null ? "" : text, scheme);
  }

  /** The other end of a connection. */
  private record Peer(SocketAddress socketAddress, ClientAddress address, boolean trusted) {}
}

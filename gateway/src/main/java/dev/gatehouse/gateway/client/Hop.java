package dev.gatehouse.gateway.client;

import dev.gatehouse.contract.net.AddressRange;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step of a request's way, as the proxy said that took it in.
 *
 * @param node who asked; an address, or something that the proxy says instead of one
 * @param scheme what was spoken; empty if that was not said
 */
record Hop(String node, String scheme) {
  /** The way as far as it was said, from the client's side; empty if it cannot be read. */
  static Optional<List<Hop>> of(MultiMap headers, AddressHeader header) {
    return switch (header) {
      case X_FORWARDED_FOR -> Optional.of(fromOlderHeaders(headers));
      case FORWARDED -> ForwardedParser.parse(String.join(",", headers.getAll("forwarded")));
    };
  }

  /** One scheme for each address, counted from the right, or the same for all. */
  private static List<Hop> fromOlderHeaders(MultiMap headers) {
    List<String> addresses = elements(headers, "x-forwarded-for");
    List<String> schemes = elements(headers, "x-forwarded-proto");
    List<Hop> hops = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      int at = Math.max(0, schemes.size() - addresses.size() + i);
      hops.add(new Hop(addresses.get(i), schemes.isEmpty() ? "" : schemes.get(at)));
    }
    return hops;
  }

  private static List<String> elements(MultiMap headers, String name) {
    List<String> elements = new ArrayList<>();
    for (String value : headers.getAll(name)) {
      for (String element : value.split(",", -1)) {
        elements.add(element.strip());
      }
    }
    return elements;
  }

  /** The address of the node without its port (RFC 7239 section 6); empty if it names none. */
  Optional<InetAddress> address() {
    String host = node;
    if (host.startsWith("[")) {
      int close = host.indexOf(']');
      host = close < 0 || !isPort(host.substring(close + 1)) ? "" : host.substring(1, close);
    } else if (host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':')) {
      int colon = host.indexOf(':');
      host = isPort(host.substring(colon)) ? host.substring(0, colon) : "";
    }
    return AddressRange.addressOf(host);
  }

  private static boolean isPort(String text) {
    return text.isEmpty() || text.matches(":[0-9]{1,5}");
  }
}

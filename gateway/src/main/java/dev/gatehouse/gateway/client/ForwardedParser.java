package dev.gatehouse.gateway.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code Forwarded} (RFC 7239 section 4). One use. */
final class ForwardedParser {
  private final String text;
  private int at;

  private ForwardedParser(String text) {
    this.text = text;
  }

  /** The elements in their order; empty if the header does not keep to its grammar. */
  static Optional<List<Hop>> parse(String text) {
    return text.isBlank() ? Optional.of(List.of()) : new ForwardedParser(text).elements();
  }

  private Optional<List<Hop>> elements() {
    List<Hop> hops = new ArrayList<>();
    String node = "";
    String scheme = "";
    while (true) {
      String name = token();
      if (name.isEmpty() || !next('=')) {
        return Optional.empty();
      }
      Optional<String> value = value();
      if (value.isEmpty()) {
        return Optional.empty();
      }
      switch (name.toLowerCase(Locale.ROOT)) {
        case "for" -> node = value.get();
        case "proto" -> scheme = value.get();
        default -> {}
      }
      skipSpace();
      if (next(';')) {
        continue;
      }
      hops.add(new Hop(node, scheme));
      node = "";
      scheme = "";
      if (at == text.length()) {
        return Optional.of(hops);
      } else if (!next(',')) {
        return Optional.empty();
      }
    }
  }

  private Optional<String> value() {
    if (!next('"')) {
      // Proxies write addresses and ports without the quotes that the grammar asks for.
      int from = at;
      while (at < text.length() && ";, \t\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return from == at ? Optional.empty() : Optional.of(text.substring(from, at));
    }
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return Optional.of(value.toString());
      }
      if (c == '\\' && at < text.length()) {
        c = text.charAt(at++);
      }
      value.append(c);
    }
    return Optional.empty();
  }

  private String token() {
    skipSpace();
    int from = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private boolean next(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }
}

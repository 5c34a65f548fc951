package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a browser does with addresses, cookies and redirects, and no more: every host is at the
 * loopback address, cookies belong to a host, those of the prefix {@code __Host-} must be what that
 * says (RFC 6265bis section 4.1.3.2).
 */
final class Browser {
  private static final int MAX_REDIRECTS = 15;

  private final Map<String, Map<String, String>> cookies = new HashMap<>();
  final List<URI> visited = new ArrayList<>();

  /** Where it ended. */
  record Page(URI url, Response response) {
    int status() {
      return response.status();
    }

    String body() {
      return response.body();
    }
  }

  /** Goes to an address as somebody who types it, and wherever that leads. */
  Page open(String url) throws IOException {
    return follow(URI.create(url), "GET", "");
  }

  /** Sends the page's only form, filled in. */
  Page submit(Page page, String form) throws IOException {
    String action = page.body().replaceAll("(?s).*<form[^>]*action=\"([^\"]*)\".*", "$1");
    return follow(page.url().resolve(action), "POST", form);
  }

  /** One request, and no redirect followed. */
  Response send(URI url, String method, String body, String... more) throws IOException {
    List<String> lines = new ArrayList<>();
    String target = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    lines.add(
        method
            + " "
            + (url.getRawQuery() == null ? target : target + "?" + url.getRawQuery())
            + " HTTP/1.1");
    lines.add("Host: " + url.getRawAuthority());
    lines.add("Accept: text/html,*/*;q=0.8");
    lines.add("Connection: close");
    String sent = cookieHeader(url.getHost());
    if (!sent.isEmpty()) {
      lines.add("Cookie: " + sent);
    }
    if (method.equals("POST")) {
      lines.add("Content-Type: application/x-www-form-urlencoded");
      lines.add("Content-Length: " + body.length());
    }
    lines.addAll(List.of(more));
    try (RawClient client = new RawClient(url.getPort())) {
      client.write(String.join("\r\n", lines) + "\r\n\r\n" + body);
      Response response = client.read();
      keep(url.getHost(), response);
      visited.add(url);
      return response;
    }
  }

  private Page follow(URI from, String how, String with) throws IOException {
    URI url = from;
    String method = how;
    String body = with;
    for (int i = 0; i < MAX_REDIRECTS; i++) {
      String origin = url.getScheme() + "://" + url.getRawAuthority();
      Response response =
          method.equals("POST")
              ? send(url, method, body, "Origin: " + origin, "Sec-Fetch-Site: same-origin")
              : send(url, method, body, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document");
      if (response.status() < 300 || response.status() > 399) {
        return new Page(url, response);
      }
      url = url.resolve(response.header("Location"));
      method = "GET";
      body = "";
    }
    throw new IOException("no end of redirects at " + url);
  }

  String cookie(String host, String name) {
    return cookies.getOrDefault(host, Map.of()).getOrDefault(name, "");
  }

  void setCookie(String host, String name, String value) {
    cookies.computeIfAbsent(host, _ -> new TreeMap<>()).put(name, value);
  }

  Map<String, String> cookiesOf(String host) {
    return cookies.getOrDefault(host, Map.of());
  }

  private String cookieHeader(String host) {
    return cookiesOf(host).entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  private void keep(String host, Response response) throws IOException {
    for (String line : response.headers()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("set-cookie:")) {
        List<String> parts = List.of(line.substring(11).strip().split("; *", -1));
        String pair = parts.getFirst();
        String name = pair.substring(0, pair.indexOf('='));
        List<String> attributes =
            parts.stream().skip(1).map(part -> part.toLowerCase(Locale.ROOT)).toList();
        boolean hostOnly =
            attributes.contains("secure")
                && attributes.contains("path=/")
                && attributes.stream().noneMatch(part -> part.startsWith("domain"));
        if (name.startsWith("__Host-") && !hostOnly) {
          throw new IOException("a browser would not keep " + line);
        }
        boolean over =
            attributes.contains("max-age=0")
                || attributes.stream().anyMatch(part -> part.contains("01 jan 1970"));
        Map<String, String> ofHost = cookies.computeIfAbsent(host, _ -> new TreeMap<>());
        if (over) {
          ofHost.remove(name);
        } else {
          ofHost.put(name, pair.substring(pair.indexOf('=') + 1));
        }
      }
    }
  }
}

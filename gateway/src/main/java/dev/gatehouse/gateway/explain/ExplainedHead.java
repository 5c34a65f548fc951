package dev.gatehouse.gateway.explain;

import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.tls.PeerCertificates;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The head of a request of HTTP/1.1 that is only explained. Belongs to one thread. */
final class ExplainedHead implements RequestHead {
  private static final Pattern URL = Pattern.compile("(?i)(https?)://([^/?#]+)([^#]*)(#.*)?");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*)");

  private final HttpMethod method;
  private final String scheme;
  private final String uri;
  private final MultiMap allHeaders;
  private final @Nullable ClientAddress client;
  private @Nullable Tenant tenant;

  private ExplainedHead(
      HttpMethod method,
      String scheme,
      String uri,
      MultiMap allHeaders,
      @Nullable ClientAddress client) {
    this.method = method;
    this.scheme = scheme;
    this.uri = uri;
    this.allHeaders = allHeaders;
    this.client = client;
  }

  /**
   * The head that a client would send. The path is left as it is, however odd: that is for the
   * admission to judge.
   *
   * @param url absolute, {@code http} or {@code https}
   * @param headers lines such as {@code Accept: text/html}; a Host takes the place of the URL's
   * @param address from where it comes; empty for nowhere
   * @throws IllegalArgumentException if the URL, the method, a header or the address is none
   */
  static ExplainedHead of(
      String url, String method, List<String> headers, Optional<String> address) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "url must be absolute, such as https://acme.example.com/api, found \"" + url + "\"");
    }
    MultiMap all = MultiMap.caseInsensitiveMultiMap();
    headers.forEach(line -> add(line, all));
    if (!all.contains(HttpHeaders.HOST)) {
      all.add(HttpHeaders.HOST, parts.group(2));
    }
    String target = parts.group(3);
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    return new ExplainedHead(
        HttpMethod.valueOf(method),
        scheme,
        target.startsWith("/") ? target : "/" + target,
        all,
        address.map(text -> clientAt(text, scheme)).orElse(null));
  }

  private static ClientAddress clientAt(String address, String scheme) {
    ClientAddress client = ClientAddress.of(address, scheme);
    if (client.bits() == null) {
      throw new IllegalArgumentException(
          "client must be an IP address, such as 192.0.2.7, found \"" + address + "\"");
    }
    return client;
  }

  private static void add(String line, MultiMap headers) {
    Matcher parts = HEADER.matcher(line);
    if (!parts.matches()) {
      // Not the line itself: what is wrong with it may be how a secret was quoted.
      throw new IllegalArgumentException("a header must be given as \"Name: value\"");
    }
    headers.add(parts.group(1), parts.group(2).strip());
  }

  Optional<Tenant> tenant() {
    return Optional.ofNullable(tenant);
  }

  @Override
  public void tenant(Tenant resolved) {
    this.tenant = resolved;
  }

  @Override
  public HttpMethod method() {
    return method;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public @Nullable ClientAddress client() {
    return client;
  }

  @Override
  public String forwardedFor() {
    return client == null ? "" : client.forwardedFor();
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String namedScheme() {
    return scheme;
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public @Nullable HostAndPort authority() {
    return HostAndPort.parseAuthority(allHeaders.get(HttpHeaders.HOST), -1);
  }

  @Override
  public RequestHeaders headers() {
    return RequestHeaders.of(allHeaders);
  }

  @Override
  public MultiMap allHeaders() {
    return allHeaders;
  }

  /** Nobody can show another's: its key would have to sign. */
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
}

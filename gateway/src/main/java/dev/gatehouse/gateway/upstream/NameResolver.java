package dev.gatehouse.gateway.upstream;

import dev.gatehouse.gateway.upstream.UpstreamConfig.DnsConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks DNS for the addresses of names, of both families, on a thread of its own. The hosts file,
 * the search domains and the servers are those of the system, unless a server is configured; a name
 * in the hosts file is never asked for. Nothing is cached here: an answer comes with the time for
 * which it holds.
 */
public final class NameResolver {
  /** How long a name of the hosts file holds: that file has no times. */
  private static final Duration HOSTS_FILE_TTL = Duration.ofSeconds(30);

  private final DnsConfig config;
  private final EventLoopGroup thread =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("gatehouse-dns", true), NioIoHandler.newFactory());
  private final TimesToLive timesToLive = new TimesToLive();
  private final DnsNameResolver resolver;

  NameResolver(DnsConfig config) {
    this.config = config;
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(thread.next())
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .queryTimeoutMillis(config.timeout().toMillis())
            .resolveCache(timesToLive)
            .cnameCache(timesToLive.ofAliases());
    config
        .server()
        .map(NameResolver::serverAddress)
        .map(SingletonDnsServerAddressStreamProvider::new)
        .ifPresent(builder::nameServerProvider);
    this.resolver = builder.build();
  }

  /**
   * The address that a host itself is, without asking anybody.
   *
   * @return empty if it is a name
   */
  static Optional<List<String>> literal(String host) {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return NetUtil.isValidIpV4Address(bare) || NetUtil.isValidIpV6Address(bare)
        ? Optional.of(List.of(bare))
        : Optional.empty();
  }

  /**
   * The addresses of a host: itself, or what DNS says of a name.
   *
   * @return completed on the resolver's own thread, or at once; failed with a reason in words where
   *     there is no address
   */
  public Future<List<String>> addressesOf(String host) {
    Optional<List<String>> itself = literal(host);
    return itself.isPresent()
        ? Future.succeededFuture(itself.get())
        : resolve(host).map(Resolution::addresses);
  }

  /**
   * Asks for a name. {@code localhost} and what ends in it are the loopback interface's, whatever
   * DNS says (RFC 6761 section 6.3).
   *
   * @return completed on the resolver's own thread; failed with a reason in words where there is no
   *     address
   */
  Future<Resolution> resolve(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    if (plain.equals("localhost") || plain.endsWith(".localhost")) {
      return Future.succeededFuture(new Resolution(List.of("127.0.0.1", "::1"), config.maxTtl()));
    }
    Promise<Resolution> promise = Promise.promise();
    resolver
        .resolveAll(name)
        .addListener((io.netty.util.concurrent.Future<List<InetAddress>> answer) -> {
          if (answer.isSuccess()) {
            promise.complete(resolution(name, answer.getNow()));
          } else {
            promise.fail(String.valueOf(answer.cause().getMessage()));
          }
        });
    return promise.future();
  }

  Future<Void> close() {
    resolver.close();
    Promise<Void> promise = Promise.promise();
    thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(_ -> promise.complete());
    return promise.future();
  }

  private Resolution resolution(String name, List<InetAddress> addresses) {
    Duration ttl = timesToLive.take(name, addresses).orElse(HOSTS_FILE_TTL);
    return new Resolution(
        addresses.stream().map(NetUtil::toAddressString).distinct().sorted().toList(),
        clamp(ttl, config.minTtl(), config.maxTtl()));
  }

  private static Duration clamp(Duration value, Duration min, Duration max) {
    return value.compareTo(min) < 0 ? min : value.compareTo(max) > 0 ? max : value;
  }

  private static InetSocketAddress serverAddress(String server) {
    int colon = server.lastIndexOf(':');
    return new InetSocketAddress(
        NetUtil.createInetAddressFromIpAddressString(server.substring(0, colon)),
        Integer.parseInt(server.substring(colon + 1)));
  }

  /**
   * What a name stands for.
   *
   * @param addresses IPv4 and IPv6, in a stable order; never empty
   * @param ttl how long to rely on it
   */
  record Resolution(List<String> addresses, Duration ttl) {}
}

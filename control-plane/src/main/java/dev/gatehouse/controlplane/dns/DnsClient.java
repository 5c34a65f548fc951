package dev.gatehouse.controlplane.dns;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks a recursive DNS server (RFC 1035), by UDP from a port of its own for each question, so that
 * a forged answer has to guess more than its number (RFC 5452 section 9.2), and by TCP where an
 * answer was cut off. Follows aliases, {@value #MAX_ALIASES} at most. Nothing is validated by
 * DNSSEC here: let the server do that.
 *
 * <p>Every method waits, for {@value #ATTEMPTS} attempts at most: call it on a virtual thread.
 */
public final class DnsClient implements AutoCloseable {
  private static final int MAX_ALIASES = 8;
  private static final int ATTEMPTS = 2;
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final EventLoopGroup thread =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("dns", true), NioIoHandler.newFactory());
  private final DnsNameResolver resolver;

  private DnsClient(Optional<InetSocketAddress> server) {
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(thread.next())
            .datagramChannelType(NioDatagramChannel.class)
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .socketChannelType(NioSocketChannel.class)
            .queryTimeoutMillis(TIMEOUT.toMillis());
    server.map(SingletonDnsServerAddressStreamProvider::new).ifPresent(builder::nameServerProvider);
    this.resolver = builder.build();
  }

  /**
   * Opens a client; it asks at first use.
   *
   * @param server which server to ask; those of the system if empty
   */
  public static DnsClient open(Optional<InetSocketAddress> server) {
    return new DnsClient(server);
  }

  /** The texts of all TXT records of a name, each one's strings joined (RFC 7208 section 3.3). */
  public DnsAnswer texts(String name) {
    return ask(name, DnsRecordType.TXT);
  }

  /** The IPv4 and IPv6 addresses of a name. */
  public DnsAnswer addresses(String name) {
    DnsAnswer four = ask(name, DnsRecordType.A);
    DnsAnswer six = ask(name, DnsRecordType.AAAA);
    if (four instanceof DnsAnswer.Records(List<String> first)) {
      List<String> all = new ArrayList<>(first);
      if (six instanceof DnsAnswer.Records(List<String> second)) {
        all.addAll(second);
      }
      return new DnsAnswer.Records(all);
    }
    return six instanceof DnsAnswer.Records || four instanceof DnsAnswer.Nothing ? six : four;
  }

  private DnsAnswer ask(String name, DnsRecordType type) {
    String wanted = name;
    for (int alias = 0; alias <= MAX_ALIASES; alias++) {
      switch (reply(wanted, type)) {
        case DnsReply.Values(List<String> values) -> {
          return new DnsAnswer.Records(values);
        }
        case DnsReply.Alias(String target) -> wanted = target;
        case DnsReply.None _ -> {
          return new DnsAnswer.Nothing();
        }
        case DnsReply.Failure(String reason) -> {
          return new DnsAnswer.NoAnswer(reason);
        }
      }
    }
    return new DnsAnswer.NoAnswer(
        name + " is an alias of an alias, and so on, more than " + MAX_ALIASES + " times");
  }

  private DnsReply reply(String name, DnsRecordType type) {
    DnsReply reply = new DnsReply.Failure("no server was asked");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      reply = attempt(name, type);
      if (!(reply instanceof DnsReply.Failure)) {
        return reply;
      }
    }
    return reply;
  }

  private DnsReply attempt(String name, DnsRecordType type) {
    try {
      Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked =
          resolver.query(new DefaultDnsQuestion(name, type));
      // The resolver has a time-out; this one is for the case that it does not keep it.
      if (!asked.await(2 * TIMEOUT.toMillis())) {
        asked.cancel(false);
        return new DnsReply.Failure("the DNS server did not answer");
      }
      return asked.isSuccess()
          ? read(asked.getNow(), name, type)
          : new DnsReply.Failure("the DNS server did not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DnsReply.Failure("the question was given up");
    } catch (IllegalArgumentException e) {
      return new DnsReply.Failure("\"" + name + "\" cannot be asked for");
    }
  }

  private static DnsReply read(
      AddressedEnvelope<DnsResponse, InetSocketAddress> envelope, String name, DnsRecordType type) {
    try {
      DnsResponse response = envelope.content();
      DnsResponseCode code = response.code();
      if (code.equals(DnsResponseCode.NXDOMAIN) || code.equals(DnsResponseCode.NOERROR)) {
        return DnsReply.of(response, name, type);
      }
      return new DnsReply.Failure("the DNS server answers " + code);
    } finally {
      envelope.release();
    }
  }

  /** Stops. What is asked at the moment is not answered any more. */
  @Override
  public void close() {
    resolver.close();
    var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

package dev.gatehouse.gateway.codec;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose HTTP servers read strictly, from the first byte of a connection on: the only
 * place where Vert.x lets others have a connection before it reads. Else the one it is made of.
 */
@SuppressWarnings("deprecation") // What Vert.x asks for.
public final class StrictTransport implements Transport {
  private final Transport plain;
  private final Doorkeeper doorkeeper;

  private StrictTransport(Transport plain, Doorkeeper doorkeeper) {
    this.plain = plain;
    this.doorkeeper = doorkeeper;
  }

  /** Makes a transport strict, whose servers take the connections that a doorkeeper lets in. */
  public static io.vertx.core.transport.Transport of(
      io.vertx.core.transport.Transport plain, Doorkeeper doorkeeper) {
    return new Named(plain, new StrictTransport(plain.implementation(), doorkeeper));
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    plain.configure(options, domainSocket, bootstrap);
    if (options instanceof HttpServerOptions http) {
      bootstrap.handler(new Entrance(http, doorkeeper));
    }
  }

  /** Sees every connection of a listener before anybody else does. */
  @Sharable
  private static final class Entrance extends ChannelInboundHandlerAdapter {
    private final HttpServerOptions options;
    private final Doorkeeper doorkeeper;

    Entrance(HttpServerOptions options, Doorkeeper doorkeeper) {
      this.options = options;
      this.doorkeeper = doorkeeper;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      doorkeeper.listens(ctx.channel());
      ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      if (accepted instanceof Channel client) {
        if (!doorkeeper.letsIn(client, options.isSsl())) {
          doorkeeper.turnAway(client, ctx.executor());
          return;
        }
        // With TLS, the connection is there before a request is read.
        client
            .pipeline()
            .addLast(
                options.isSsl()
                    ? new FrameGuardInstaller(doorkeeper)
                    : new RequestSniffer(options, doorkeeper));
      }
      ctx.fireChannelRead(accepted);
    }
  }

  private record Named(io.vertx.core.transport.Transport plain, StrictTransport implementation)
      implements io.vertx.core.transport.Transport {
    @Override
    public String name() {
      return plain.name();
    }

    @Override
    public boolean available() {
      return plain.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return plain.unavailabilityCause();
    }
  }

  @Override
  public boolean supportsDomainSockets() {
    return plain.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return plain.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return plain.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return plain.unavailabilityCause();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return plain.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return plain.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return plain.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(
      int type, int threads, ThreadFactory threadFactory, int ioRatio) {
    return plain.eventLoopGroup(type, threads, threadFactory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return plain.datagramChannel();
  }

  @Override
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return plain.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return plain.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return plain.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    plain.configure(channel, options);
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
    plain.configure(options, connectTimeout, domainSocket, bootstrap);
  }
}

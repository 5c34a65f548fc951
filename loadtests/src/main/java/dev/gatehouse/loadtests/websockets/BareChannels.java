package dev.gatehouse.loadtests.websockets;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.vertx.core.spi.transport.Transport;

/**
 * Passes bytes both ways between two channels of Netty with one handler each: what Netty takes by
 * itself. A program of its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes its channel.
public final class BareChannels {
  private BareChannels() {}

  /**
   * Runs until the process is told to stop.
   *
   * @param args port to listen on, port of the upstream
   */
  public static void main(String[] args) throws InterruptedException {
    Transport transport = BestTransport.find().implementation();
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(1, transport.ioHandlerFactory()))
        .channelFactory(transport.serverChannelFactory(false))
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel client) {
                join(client, transport, Integer.parseInt(args[1]));
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[0]))
        .sync();
  }

  private static void join(Channel client, Transport transport, int upstreamPort) {
    new Bootstrap()
        .group(client.eventLoop())
        .channelFactory(transport.channelFactory(false))
        .handler(new Relay(client))
        .connect("127.0.0.1", upstreamPort)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (connected.isSuccess()) {
                    client.pipeline().addLast(new Relay(connected.channel()));
                    client.config().setAutoRead(true);
                  } else {
                    client.close();
                  }
                });
  }

  /** Writes what it reads to the other channel. */
  private static final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Relay(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      other.writeAndFlush(bytes, other.voidPromise());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      other.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      context.close();
    }
  }
}

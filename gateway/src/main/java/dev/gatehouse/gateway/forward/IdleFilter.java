package dev.gatehouse.gateway.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Keeps it from the codec that no byte has passed over a connection for long while a request of it
 * is under way: whoever is silent then, client or upstream, has a bound of its own. Requests pay
 * nothing for it; a connection that is silent costs a look at all requests of the event loop.
 */
@Sharable
final class IdleFilter extends ChannelInboundHandlerAdapter {
  private static final String NAME = "idle-filter";

  private final InFlight inFlight;

  IdleFilter(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  /** Stands before the codec of a client's connection from now on. */
  void watch(Channel client) {
    ChannelPipeline pipeline = client.pipeline();
    // One that changes from HTTP/1.1 to HTTP/2 is opened twice.
    if (pipeline.get(NAME) == null) {
      pipeline.addBefore("handler", NAME, this);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof IdleStateEvent) || !inFlight.holdsOneOf(context.channel())) {
      context.fireUserEventTriggered(event);
    }
  }
}

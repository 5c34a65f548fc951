package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.codec.BrokenBody;
import dev.gatehouse.gateway.rejection.Rejection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Hears what happens to a client's connection while a request of it is under way. Keeps it from the
 * codec that no byte has passed for long: whoever is silent then, client or upstream, has a bound
 * of its own. Refuses a request whose body turns out to be malformed. Requests pay nothing for it;
 * either event costs a look at all requests of the event loop.
 */
@Sharable
final class ClientWatch extends ChannelInboundHandlerAdapter {
  private static final String NAME = "client-watch";

  private final InFlight inFlight;

  ClientWatch(InFlight inFlight) {
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
    if (event instanceof BrokenBody broken) {
      InFlight.Entry entry = inFlight.unreadOf(context.channel());
      if (entry != null) {
        broken.take();
        entry.revoke(new Rejection.BadRequest("The chunks of the body cannot be read."));
      }
    } else if (!(event instanceof IdleStateEvent) || !inFlight.holdsOneOf(context.channel())) {
      context.fireUserEventTriggered(event);
    }
  }
}

package dev.gatehouse.gateway;

import java.net.BindException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The gateway cannot start. Its message is one sentence for the person who started it. */
public final class GatewayStartException extends RuntimeException {
  private GatewayStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static GatewayStartException because(Throwable cause) {
    String message =
        cause instanceof BindException
            ? "A port of the gateway is in use: " + cause.getMessage()
            : "The gateway cannot start: " + cause.getMessage();
    return new GatewayStartException(message, cause);
  }

  static GatewayStartException transportUnavailable(SocketTransport transport, Object why) {
    return new GatewayStartException(
        "transport: "
            + transport.name().toLowerCase(Locale.ROOT)
            + " is not to be had on this machine ("
            + why
            + "); leave it out, and the best one that is there will be used.",
        null);
  }
}

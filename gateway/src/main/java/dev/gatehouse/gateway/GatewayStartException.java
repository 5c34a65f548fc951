package dev.gatehouse.gateway;

import java.net.BindException;

/** The gateway cannot start. Its message is one sentence for the person who started it. */
public final class GatewayStartException extends RuntimeException {
  private GatewayStartException(String message, Throwable cause) {
    super(message, cause);
  }

  static GatewayStartException because(Throwable cause) {
    String message =
        cause instanceof BindException
            ? "A port of the gateway is in use: " + cause.getMessage()
            : "The gateway cannot start: " + cause.getMessage();
    return new GatewayStartException(message, cause);
  }
}

package dev.gatehouse.controlplane.api;

/**
 * Names of gateways that a token is for.
 *
 * @param text one name, or a text that they begin with and an asterisk
 */
public record GatewayNames(String text) {
  private static final String ALL_BEYOND = "*";

  /** Whether a gateway of this name is meant. */
  public boolean include(String gateway) {
    return text.endsWith(ALL_BEYOND)
        ? gateway.startsWith(text.substring(0, text.length() - ALL_BEYOND.length()))
        : gateway.equals(text);
  }
}

package dev.gatehouse.controlplane.access;

/**
 * The tokens made at the very first start; shown here once and never again.
 *
 * @param operatorToken opens the API
 * @param gatewayToken opens the feed
 */
public record FirstTokens(String operatorToken, String gatewayToken) {
  @Override
  public String toString() {
    return "FirstTokens[…]";
  }
}

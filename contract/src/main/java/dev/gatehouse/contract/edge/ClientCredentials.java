package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * As what the gateway is known to an authorization server (RFC 6749 section 2.3).
 *
 * @param id the client's identifier
 * @param secret its secret; never logged. Absent for a public client
 * @param authentication how the secret is sent; in the header {@code Authorization} if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ClientCredentials(
    String id, Optional<String> secret, Optional<Authentication> authentication) {
  private static final int MAX_LENGTH = 1000;

  /**
   * @throws IllegalArgumentException if one is empty or too long
   */
  public ClientCredentials {
    Range.check("length of id", id.length(), 1, MAX_LENGTH);
    secret.ifPresent(text -> Range.check("length of secret", text.length(), 1, MAX_LENGTH));
  }

  @Override
  public String toString() {
    return "ClientCredentials[id=" + id + "]";
  }

  /** How a client's secret is sent (OpenID Connect Core 1.0 section 9). */
  public enum Authentication implements WireName {
    BASIC("client_secret_basic"),
    POST("client_secret_post");

    private final String wireName;

    Authentication(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such way
     */
    @JsonCreator
    public static Authentication fromWireName(String name) {
      return WireName.parse("authentication", values(), name);
    }
  }
}

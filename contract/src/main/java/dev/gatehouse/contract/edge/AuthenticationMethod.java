package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A way in which a caller may prove to a tenant who it is. */
public enum AuthenticationMethod {
  /** No proof: callers without a credential are let in as {@code anonymous}. */
  ANONYMOUS,
  /** One of the tenant's own API keys. */
  API_KEY,
  /** A token of one of the tenant's identity providers. */
  JWT,
  /** A token that the tenant's authorization server is asked about (RFC 7662). */
  INTROSPECTION,
  /** The session of a user who has logged in with one of the tenant's identity providers. */
  SESSION,
  /** The session of a member who has logged in at the platform's account host. */
  ACCOUNT,
  /** A certificate of one of the tenant's client authorities. */
  CLIENT_CERTIFICATE,
  /** The word of the tenant's decision service. */
  FORWARD_AUTH;

  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in JSON: {@code anonymous}, {@code api-key} and so on. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /**
   * Reads {@link #wireName()} back.
   *
   * @throws IllegalArgumentException if there is no such method
   */
  @JsonCreator
  public static AuthenticationMethod fromWireName(String name) {
    for (AuthenticationMethod method : values()) {
      if (method.wireName.equals(name)) {
        return method;
      }
    }
    throw new IllegalArgumentException("unknown authentication method: " + name);
  }
}

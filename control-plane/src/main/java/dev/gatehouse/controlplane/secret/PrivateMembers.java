package dev.gatehouse.controlplane.secret;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** What tells a private JSON Web Key from a public one. */
public final class PrivateMembers {
  /** The private halves of RSA, EC and OKP keys, and shared secrets (RFC 7518 section 6). */
  private static final List<String> NAMES = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  private PrivateMembers() {}

  /** The members of a key that nobody but its owner may know. */
  public static List<String> of(JsonObject jwk) {
    return NAMES.stream().filter(jwk::containsKey).toList();
  }
}

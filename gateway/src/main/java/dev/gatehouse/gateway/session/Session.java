package dev.gatehouse.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * That a user has logged in at one host of one tenant.
 *
 * @param provider by the word of which of the tenant's identity providers
 * @param issuer whose name that provider had then
 * @param holder who it is at the tenant
 * @param sub who it is at the provider
 * @param sid the provider's name for its own session
 * @param vouchedAt when the provider said so last
 * @param startedAt when the user logged in
 * @param endsAt when the user must log in again
 * @param refreshAt when the provider is asked again; never if there is no refresh token
 * @param refreshToken what it is asked with
 * @param idToken what is shown to it at the end (RP-Initiated Logout section 2); empty if it is too
 *     long to be kept
 */
public record Session(
    UUID provider,
    String issuer,
    ClaimRules.Holder holder,
    String sub,
    Optional<String> sid,
    Instant vouchedAt,
    Instant startedAt,
    Instant endsAt,
    Instant refreshAt,
    Optional<String> refreshToken,
    Optional<String> idToken) {

  /** Whether the provider is to be asked again. */
  public boolean isStale(Instant now) {
    return refreshToken.isPresent() && !now.isBefore(refreshAt);
  }

  /** This, asked again at another time. */
  public Session refreshingAt(Instant time) {
    return new Session(
        provider,
        issuer,
        holder,
        sub,
        sid,
        vouchedAt,
        startedAt,
        endsAt,
        time,
        refreshToken,
        idToken);
  }

  byte[] encode() {
    JsonObject json =
        new JsonObject()
            .put("provider", provider.toString())
            .put("issuer", issuer)
            .put("subject", holder.subject())
            .put("roles", array(holder.roles()))
            .put("scopes", array(holder.scopes()))
            .put("sub", sub)
            .put("vouchedAt", vouchedAt.toEpochMilli())
            .put("startedAt", startedAt.toEpochMilli())
            .put("endsAt", endsAt.toEpochMilli())
            .put("refreshAt", refreshAt.toEpochMilli());
    sid.ifPresent(text -> json.put("sid", text));
    refreshToken.ifPresent(text -> json.put("refreshToken", text));
    idToken.ifPresent(text -> json.put("idToken", text));
    return json.encode().getBytes(UTF_8);
  }

  /** Empty if the bytes are of another version. */
  static Optional<Session> decode(byte[] bytes) {
    try {
      JsonObject json = new JsonObject(new String(bytes, UTF_8));
      return Optional.of(
          new Session(
              UUID.fromString(json.getString("provider")),
              Objects.requireNonNull(json.getString("issuer")),
              new ClaimRules.Holder(
                  json.getString("subject"),
                  set(json.getJsonArray("roles")),
                  set(json.getJsonArray("scopes"))),
              json.getString("sub"),
              Optional.ofNullable(json.getString("sid")),
              Instant.ofEpochMilli(json.getLong("vouchedAt")),
              Instant.ofEpochMilli(json.getLong("startedAt")),
              Instant.ofEpochMilli(json.getLong("endsAt")),
              Instant.ofEpochMilli(json.getLong("refreshAt")),
              Optional.ofNullable(json.getString("refreshToken")),
              Optional.ofNullable(json.getString("idToken"))));
    } catch (DecodeException | NullPointerException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static JsonArray array(Set<String> words) {
    return new JsonArray(words.stream().sorted().toList());
  }

  private static Set<String> set(JsonArray words) {
    return words.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String toString() {
    return "Session[" + holder.subject() + " of " + provider + ", until " + endsAt + "]";
  }
}

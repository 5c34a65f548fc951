package dev.gatehouse.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import dev.gatehouse.gateway.session.Session.Origin;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Between sessions and what is sealed of them. */
final class SessionCodec {
  private SessionCodec() {}

  static byte[] encode(Session session) {
    JsonObject json =
        new JsonObject()
            .put("subject", session.holder().subject())
            .put("roles", array(session.holder().roles()))
            .put("scopes", array(session.holder().scopes()))
            .put("vouchedAt", session.vouchedAt().toEpochMilli())
            .put("startedAt", session.startedAt().toEpochMilli())
            .put("endsAt", session.endsAt().toEpochMilli())
            .put("refreshAt", session.refreshAt().toEpochMilli());
    switch (session.origin()) {
      case Origin.Provider provider -> {
        json.put("provider", provider.id().toString())
            .put("issuer", provider.issuer())
            .put("sub", provider.sub());
        provider.sid().ifPresent(text -> json.put("sid", text));
        provider.refreshToken().ifPresent(text -> json.put("refreshToken", text));
        provider.idToken().ifPresent(text -> json.put("idToken", text));
      }
      case Origin.Account account ->
          json.put("accountTenant", account.tenant().toString())
              .put("accountSession", account.session().toText())
              .put("accountProvider", account.provider().toString())
              .put("accountVouchedAt", account.vouchedAt().toEpochMilli())
              .put("issuer", account.issuer())
              .put("sub", account.sub());
    }
    return json.encode().getBytes(UTF_8);
  }

  /** Empty if the bytes are of another version. */
  static Optional<Session> decode(byte[] bytes) {
    try {
      JsonObject json = new JsonObject(new String(bytes, UTF_8));
      return Optional.of(
          new Session(
              originIn(json),
              new ClaimRules.Holder(
                  requireNonNull(json.getString("subject")),
                  set(json.getJsonArray("roles")),
                  set(json.getJsonArray("scopes"))),
              instant(json, "vouchedAt"),
              instant(json, "startedAt"),
              instant(json, "endsAt"),
              instant(json, "refreshAt")));
    } catch (RuntimeException e) {
      if (e instanceof DecodeException
          || e instanceof NullPointerException
          || e instanceof ClassCastException
          || e instanceof IllegalArgumentException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Origin originIn(JsonObject json) {
    if (json.containsKey("accountTenant")) {
      return new Origin.Account(
          UUID.fromString(json.getString("accountTenant")),
          TokenDigest.parse(json.getString("accountSession"))
              .orElseThrow(() -> new IllegalArgumentException("no session's name")),
          UUID.fromString(json.getString("accountProvider")),
          instant(json, "accountVouchedAt"),
          requireNonNull(json.getString("issuer")),
          requireNonNull(json.getString("sub")));
    }
    return new Origin.Provider(
        UUID.fromString(json.getString("provider")),
        requireNonNull(json.getString("issuer")),
        requireNonNull(json.getString("sub")),
        Optional.ofNullable(json.getString("sid")),
        Optional.ofNullable(json.getString("refreshToken")),
        Optional.ofNullable(json.getString("idToken")));
  }

  private static Instant instant(JsonObject json, String name) {
    return Instant.ofEpochMilli(json.getLong(name));
  }

  private static JsonArray array(Set<String> words) {
    return new JsonArray(words.stream().sorted().toList());
  }

  private static Set<String> set(JsonArray words) {
    return words.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
  }
}

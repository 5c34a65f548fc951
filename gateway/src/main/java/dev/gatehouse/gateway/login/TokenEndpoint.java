package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.ClientCredentials;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.OidcLogin;
import dev.gatehouse.egress.EgressClient.Call;
import dev.gatehouse.egress.EgressClient.Fetched;
import dev.gatehouse.gateway.authenticate.remote.ClientAuthentication;
import dev.gatehouse.gateway.authenticate.remote.Form;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Turns codes and refresh tokens into tokens (RFC 6749 sections 4.1.3 and 6). */
final class TokenEndpoint {
  @Bound(
      of = "the answer of a provider's token endpoint",
      unit = "bytes",
      atIt = "the login fails: 502",
      metric = "gatehouse_logins_total{outcome=\"failed\"}")
  private static final int MAX_BYTES = 128 * 1024;

  private final ProviderCalls calls;
  private final Duration timeout;

  TokenEndpoint(ProviderCalls calls, Duration timeout) {
    this.calls = calls;
    this.timeout = timeout;
  }

  /**
   * What the provider gave.
   *
   * @param expiresIn how long the access token lasts
   */
  record Tokens(
      Optional<String> idToken, Optional<String> refreshToken, Optional<Duration> expiresIn) {}

  /** The provider says no: what was given to it is not, or not any more, good for tokens. */
  static final class RefusedException extends Exception {
    private RefusedException(String error) {
      super(error, null, false, false);
    }
  }

  Future<Tokens> byCode(
      ProviderMetadata metadata, EdgeIdentityProvider provider, LoginAttempt attempt, String code) {
    return ask(
        metadata,
        provider,
        new Form()
            .add("grant_type", "authorization_code")
            .add("code", code)
            .add("redirect_uri", attempt.redirectUri())
            .add("code_verifier", attempt.verifier()));
  }

  Future<Tokens> byRefreshToken(
      ProviderMetadata metadata, EdgeIdentityProvider provider, String refreshToken) {
    return ask(
        metadata,
        provider,
        new Form().add("grant_type", "refresh_token").add("refresh_token", refreshToken));
  }

  private Future<Tokens> ask(ProviderMetadata metadata, EdgeIdentityProvider provider, Form form) {
    URI url = metadata.tokenEndpoint();
    ClientCredentials client = provider.login().map(OidcLogin::client).orElseThrow();
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap().add(HttpHeaders.ACCEPT, "application/json");
    ClientAuthentication.add(client, headers, form);
    headers.add(HttpHeaders.CONTENT_TYPE, Form.CONTENT_TYPE);
    return calls
        .callFor(
            provider.tenantId(),
            new Call(HttpMethod.POST, url, headers, form.toBuffer(), MAX_BYTES, timeout))
        .compose(TokenEndpoint::read);
  }

  private static Future<Tokens> read(Fetched answer) {
    JsonObject json;
    try {
      json = new JsonObject(answer.body());
    } catch (DecodeException _) {
      return Future.failedFuture("the token endpoint answered " + answer.status() + " in no JSON");
    }
    if (answer.status() == 400 || answer.status() == 401 || answer.status() == 403) {
      String error = String.valueOf(json.getValue("error"));
      return error.equals("invalid_grant")
          ? Future.failedFuture(new RefusedException(error))
          : Future.failedFuture(
              "the token endpoint answered " + answer.status() + ": " + Foreign.text(error));
    }
    if (answer.status() != 200) {
      return Future.failedFuture("the token endpoint answered " + answer.status());
    }
    return Future.succeededFuture(
        new Tokens(
            text(json, "id_token"),
            text(json, "refresh_token"),
            json.getValue("expires_in") instanceof Number seconds
                ? Optional.of(Duration.ofSeconds(Math.clamp(seconds.longValue(), 0, 1L << 31)))
                : Optional.empty()));
  }

  private static Optional<String> text(JsonObject json, String name) {
    return json.getValue(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }
}

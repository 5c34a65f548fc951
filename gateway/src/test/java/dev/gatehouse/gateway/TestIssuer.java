package dev.gatehouse.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.IssuerKeys;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider: its keys, where they are published, and its tokens. */
public final class TestIssuer implements AutoCloseable {
  public static final String AUDIENCE = "https://app.example";

  public final String name = "https://idp-" + UUID.randomUUID() + ".example/";
  public final AtomicInteger asked = new AtomicInteger();

  private final Vertx vertx = Vertx.vertx();
  private final List<ECKey> keys = new CopyOnWriteArrayList<>();
  private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
  private final HttpServer server;
  private volatile int status = 200;
  private volatile boolean holds;

  public TestIssuer() throws JOSEException {
    addKey("k1");
    server = vertx.createHttpServer().requestHandler(this::publish).listen(0, "127.0.0.1").await();
  }

  private void publish(HttpServerRequest request) {
    asked.incrementAndGet();
    if (holds) {
      held.add(request);
    } else {
      answer(request);
    }
  }

  private void answer(HttpServerRequest request) {
    request.response().setStatusCode(status).end(jwks());
  }

  /** From now on it answers with another status. */
  public void answerWith(int other) {
    status = other;
  }

  /** From now on it answers no more, until {@link #release()}. */
  public void hold() {
    holds = true;
  }

  public void release() {
    holds = false;
    for (HttpServerRequest request = held.poll(); request != null; request = held.poll()) {
      answer(request);
    }
  }

  public ECKey addKey(String kid) throws JOSEException {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    keys.add(key);
    return key;
  }

  public String jwks() {
    return new JWKSet(new ArrayList<>(keys)).toPublicJWKSet().toString();
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/jwks.json";
  }

  /** As the edge learns of it. */
  public EdgeIdentityProvider of(UUID tenant) {
    return EdgeIdentityProvider.of(
        UUID.randomUUID(),
        tenant,
        "test",
        name,
        new IssuerKeys(Optional.of(url()), Optional.empty()),
        Set.of(AUDIENCE));
  }

  /** The same with its keys in full, so that nothing is fetched. */
  public EdgeIdentityProvider inline(UUID tenant) {
    return EdgeIdentityProvider.of(
        UUID.randomUUID(),
        tenant,
        "test",
        name,
        new IssuerKeys(Optional.empty(), Optional.of(read(jwks()))),
        Set.of(AUDIENCE));
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Good for five minutes from now. */
  @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
  public JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(name)
        .subject("alice")
        .audience(AUDIENCE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  public String token() throws JOSEException {
    return token(claims().build());
  }

  public String token(JWTClaimsSet claims) throws JOSEException {
    return sign(claims, keys.getFirst());
  }

  public static String sign(JWTClaimsSet claims, ECKey key) throws JOSEException {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  public ECKey key() {
    return keys.getFirst();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

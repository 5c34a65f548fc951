package dev.gatehouse.loadtests.identity;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.contract.edge.MessageSignature.Algorithm;
import dev.gatehouse.contract.signature.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Services beside the one of all tenants, to which requests are signed as a whole. */
final class SignedServices {
  private static final byte[] SECRET = new byte[MessageSignature.LEAST_SECRET];

  private SignedServices() {}

  /** The path below which requests are signed in this way. */
  static String path(Algorithm algorithm) {
    return "/" + algorithm.wireName();
  }

  /** What a gateway must know of them: services, routes, and the key for messages. */
  static List<EdgeObject> objects(int upstreamPort) {
    List<EdgeObject> objects = new ArrayList<>();
    for (Algorithm algorithm : Algorithm.values()) {
      String name = algorithm.wireName();
      objects.add(
          EdgeService.of(name, List.of(new EdgeService.Endpoint("127.0.0.1", upstreamPort)))
              .with(signature(algorithm)));
      objects.add(EdgeRoute.toService(UUID.randomUUID(), path(algorithm), name));
    }
    String jwk = SigningKey.generateEd25519();
    Instant now = Instant.now();
    objects.add(
        new EdgeSigningKey(
            SigningKeys.kidOf(jwk),
            jwk,
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofDays(1)),
            Optional.of(EdgeSigningKey.Purpose.MESSAGE)));
    return objects;
  }

  private static MessageSignature signature(Algorithm algorithm) {
    return new MessageSignature(
        algorithm,
        algorithm == Algorithm.HMAC_SHA256
            ? Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET))
            : Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }
}

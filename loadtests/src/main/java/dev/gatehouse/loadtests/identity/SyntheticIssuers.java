package dev.gatehouse.loadtests.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.IssuerKeys;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One issuer for each of the synthetic tenants, with a P-256 key of its own, and its tokens. */
final class SyntheticIssuers {
  private static final String AUDIENCE = "https://app.load.test";
  private static final int LIFE_SECONDS = 3600;

  private final List<ECKey> keys = new ArrayList<>();

  /**
   * @param tenants how many
   */
  SyntheticIssuers(int tenants) throws JOSEException {
    for (int i = 0; i < tenants; i++) {
      keys.add(new ECKeyGenerator(Curve.P_256).keyID("k1").generate());
    }
  }

  /** The tenants as such that admit callers in every way, and their issuers. */
  List<EdgeObject> objects() throws IOException {
    List<EdgeObject> objects = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      EdgeTenant tenant = SyntheticTenants.tenant(i);
      objects.add(
          new EdgeTenant(
              tenant.id(),
              tenant.slug(),
              tenant.status(),
              tenant.hosts(),
              Set.of(AuthenticationMethod.values()),
              tenant.limits()));
      objects.add(
          EdgeIdentityProvider.of(
              new UUID(1, i),
              tenant.id(),
              "test",
              issuer(i),
              new IssuerKeys(Optional.empty(), Optional.of(jwks(keys.get(i)))),
              Set.of(AUDIENCE)));
    }
    return objects;
  }

  /**
   * A token of a tenant's issuer.
   *
   * @param number of those for one tenant, to tell them apart
   */
  @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
  String token(int tenant, int number) throws JOSEException {
    Instant now = Instant.now();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer(tenant))
                .subject("3f1c2b9e-58a7-4b0e-9a55-7d1f0c6a" + number)
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(LIFE_SECONDS)))
                .claim("scope", "openid profile email")
                .claim("azp", "web")
                .claim("email", "somebody@tenant-" + tenant + ".example")
                .build());
    token.sign(new ECDSASigner(keys.get(tenant)));
    return token.serialize();
  }

  private static String issuer(int tenant) {
    return "https://idp.load.test/realms/tenant-" + tenant;
  }

  private static JsonNode jwks(ECKey key) throws IOException {
    return new ObjectMapper().readTree(new JWKSet(key.toPublicJWK()).toString());
  }
}

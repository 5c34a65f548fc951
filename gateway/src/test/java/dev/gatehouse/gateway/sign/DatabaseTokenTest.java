package dev.gatehouse.gateway.sign;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePartitionKey;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What services are told of the places of tenants' data. */
@Timeout(60)
class DatabaseTokenTest {
  private final Platform platform = new Platform();
  private final VerifyingUpstream upstream = new VerifyingUpstream();

  DatabaseTokenTest() throws Exception {}

  @AfterEach
  void stop() {
    upstream.close();
    platform.close();
  }

  private void routeTo(String name) throws Exception {
    EdgeService plain = upstream.service(name, Protocol.HTTP_1_1);
    platform.route(plain.withDatabaseToken());
  }

  private static EdgePartitionKey key(String id, Instant mintsFrom) {
    byte[] secret = new byte[32];
    secret[0] = (byte) id.charAt(0);
    return new EdgePartitionKey(id, "eu-1", Base64.getEncoder().encodeToString(secret), mintsFrom);
  }

  private TestTenant placedTenant() throws Exception {
    return platform.tenant(edge -> edge.with(new EdgePlacement("eu-1", IsolationStrategy.SCHEMA)));
  }

  private Response get(TestTenant tenant, String path) throws Exception {
    return RawClient.send(
        platform.gateway.httpPort(),
        "GET " + path + " HTTP/1.1",
        "Host: " + tenant.host(),
        "X-API-Key: " + tenant.key().reveal());
  }

  private Optional<Map<String, Object>> claim() throws Exception {
    String context = upstream.next().headers().get("X-Tenant-Context");
    return Optional.ofNullable(SignedJWT.parse(context).getJWTClaimsSet().getJSONObjectClaim("db"));
  }

  @Test
  void tellsWhereTheDataAreWithATokenOfThisTenantThatEndsWithTheContext() throws Exception {
    EdgePartitionKey key = key("a0000001", Instant.EPOCH);
    platform.feed.put(key);
    TestTenant tenant = placedTenant();
    routeTo("asks");
    platform.route(upstream.service("plain", Protocol.HTTP_1_1));

    assertThat(get(tenant, "/asks").status()).isEqualTo(200);
    String context = upstream.next().headers().get("X-Tenant-Context");
    var claims = SignedJWT.parse(context).getJWTClaimsSet();
    assertThat(claims.getJSONObjectClaim("db"))
        .isEqualTo(
            Map.of(
                "partition", "eu-1",
                "strategy", "schema",
                "token",
                    key.read().mint(tenant.edge().id(), claims.getExpirationTime().toInstant())));

    assertThat(get(tenant, "/plain").status()).isEqualTo(200);
    assertThat(claim()).as("of a service that does not ask").isEmpty();
  }

  @Test
  void mintsWithTheNewestKeyWhoseTimeHasCome() throws Exception {
    platform.feed.put(key("a0000001", Instant.EPOCH));
    platform.feed.put(key("b0000001", Instant.now().minusSeconds(1)));
    platform.feed.put(key("c0000001", Instant.now().plusSeconds(3600)));
    TestTenant tenant = placedTenant();
    routeTo("asks");

    assertThat(get(tenant, "/asks").status()).isEqualTo(200);
    assertThat(String.valueOf(claim().orElseThrow().get("token"))).startsWith("gdt1b0000001");

    platform.feed.remove(EdgeObject.Kind.PARTITION_KEY, "b0000001");
    TestTenant another = placedTenant();
    assertThat(get(another, "/asks").status()).isEqualTo(200);
    assertThat(String.valueOf(claim().orElseThrow().get("token"))).startsWith("gdt1a0000001");
  }

  @Test
  void answersTenantsWithoutAPlaceThatTheyAreNotReady() throws Exception {
    TestTenant nowhere = platform.tenant();
    TestTenant keyless = placedTenant();
    routeTo("asks");

    for (TestTenant tenant : new TestTenant[] {nowhere, keyless}) {
      Response refused = get(tenant, "/asks");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("tenant-not-placed");
    }
  }
}

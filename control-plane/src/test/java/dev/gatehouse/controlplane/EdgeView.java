package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgePartitionKey;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.controlplane.feed.FeedReader;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** What a gateway knows, and the tokens and contexts that it would make of it. */
public final class EdgeView implements AutoCloseable {
  private final ControlPlane controlPlane;
  private final FeedReader feed;
  private final FeedReader.Snapshot edge;

  public EdgeView(ControlPlane controlPlane) throws InterruptedException {
    this.controlPlane = controlPlane;
    this.feed =
        new FeedReader(
            controlPlane.port(),
            "?gateway=gw",
            "Bearer " + controlPlane.firstTokens().orElseThrow().gatewayToken());
    this.edge = feed.snapshot();
  }

  /** What the gateway knows, up to what satisfies this. */
  <T extends EdgeObject> T told(Class<T> kind, Predicate<T> wanted) throws InterruptedException {
    while (true) {
      Optional<T> known =
          edge.objects().values().stream()
              .filter(kind::isInstance)
              .map(kind::cast)
              .filter(wanted)
              .findFirst();
      if (known.isPresent()) {
        return known.get();
      }
      edge.apply(feed.nextChange());
    }
  }

  EdgePartitionKey key(String partition) throws InterruptedException {
    return told(EdgePartitionKey.class, key -> key.partition().equals(partition));
  }

  /** A database token of a tenant. */
  String token(String partition, UUID tenant) throws InterruptedException {
    return key(partition).read().mint(tenant, Instant.now().plusSeconds(60));
  }

  /** The signed context of a request, for a service that is told where data are. */
  public String context(String partition, UUID tenant) throws InterruptedException {
    return context(
        tenant,
        Optional.of(
            new DatabaseAccess(partition, IsolationStrategy.SHARED, token(partition, tenant))));
  }

  /** The same for any service. */
  String context(UUID tenant, Optional<DatabaseAccess> database) throws InterruptedException {
    EdgeSigningKey signing =
        told(EdgeSigningKey.class, key -> key.use() == EdgeSigningKey.Purpose.CONTEXT);
    Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
    return ContextSigner.of(signing.jwk())
        .sign(
            new TenantContext(
                tenant,
                "t",
                "robot",
                Set.of(),
                Set.of(),
                "api-key",
                "app",
                now,
                now.plusSeconds(60),
                database));
  }

  /** An application, which may ask where data are. */
  public ApiClient application() {
    Reply made =
        OneControlPlane.operator(controlPlane)
            .post(
                "/v1/tokens",
                new JsonObject()
                    .put("kind", "operator")
                    .put("name", "app-" + UUID.randomUUID())
                    .put("role", "application"));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return OneControlPlane.client(controlPlane, made.json().getString("secret"));
  }

  @Override
  public void close() {
    feed.close();
  }
}

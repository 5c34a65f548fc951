package dev.gatehouse.controlplane.customerkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which answers of a key service end that a key is held, whenever they come. */
class CustomerKeysTest {
  private static final MasterKey MASTER_KEY = MasterKey.parse(OneControlPlane.MASTER_KEY);
  private static final UUID TENANT = UUID.randomUUID();

  private final Vertx vertx = Vertx.vertx();
  private final CustomerKeys keys =
      CustomerKeys.open(
          vertx, OneControlPlane.domainsBesideServices(), MASTER_KEY, Duration.ofHours(1));
  private TransitServer service;
  private JsonObject document = new JsonObject();
  private WrappingKey.Made made;

  @BeforeEach
  void makeKey() throws Exception {
    service = new TransitServer();
    document = service.document("gatehouse", "first");
    made = WrappingKey.make(TENANT, keys.service().at(KeyPlace.of(document), "first"));
  }

  @AfterEach
  void close() {
    service.close();
    keys.close();
    vertx.close().await();
  }

  @Test
  void aRefusalEndsWhatTheSameTokenOpened() throws Exception {
    CustomerKey row = row("first");
    WrappingKey _ = keys.ask(row);
    assertThat(held()).isTrue();

    service.revoke("first");

    assertThatExceptionOfType(KeyServiceException.class).isThrownBy(() -> keys.ask(row));
    assertThat(held()).isFalse();
  }

  /** Whoever has read the row before it was changed asks for the old token after that. */
  @Test
  void aRefusalOfTheTokenOfBeforeEndsNothing() throws Exception {
    CustomerKey before = row("first");
    WrappingKey _ = keys.ask(before);
    service.revoke("first");

    keys.hold(TENANT, made.key(), sealed("second"));

    assertThatExceptionOfType(KeyServiceException.class).isThrownBy(() -> keys.ask(before));
    assertThat(held()).isTrue();
  }

  private boolean held() {
    return keys.atHand(TENANT, made.key().id()).isPresent();
  }

  private static SealedSecret sealed(String token) {
    return CustomerKeys.tokens(MASTER_KEY).seal(TENANT, token, Instant.EPOCH);
  }

  private CustomerKey row(String token) {
    return new CustomerKey(
        TENANT,
        made.key().id(),
        document,
        sealed(token),
        made.wrapped(),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        1,
        Instant.EPOCH,
        Instant.EPOCH);
  }
}

package dev.gatehouse.controlplane.customerkey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.Sql;
import dev.gatehouse.controlplane.feed.FeedReader;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That what a tenant holds the key of opens only as long as the tenant gives it. */
@Timeout(120)
class CustomerKeyTest {
  private static final String PLAIN = "w4ter-under-the-bridge";
  private static final String TOKEN = "hvs.t0ken-that-can-be-found";
  private static final String URL = MigratedDatabase.freshUrl();

  /** So that a test need not wait for a minute. */
  private static final KeysetConfig QUICK =
      new KeysetConfig(
          Duration.ofDays(90),
          1L << 30,
          Duration.ofMillis(200),
          Optional.empty(),
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          1000,
          2000);

  private static ControlPlane controlPlane;
  private static ControlPlane other;
  private static ApiClient api;

  /** The same through another instance. */
  private static ApiClient elsewhere;

  private static Sql sql;

  private TransitServer service;
  private String id = "";
  private String tenant = "";
  private String key = "";

  @BeforeAll
  static void start() {
    controlPlane = OneControlPlane.startBesideServices(URL, QUICK);
    other = OneControlPlane.startBesideServices(URL, QUICK);
    api = OneControlPlane.operator(controlPlane);
    elsewhere =
        OneControlPlane.client(other, controlPlane.firstTokens().orElseThrow().operatorToken());
    sql = new Sql(URL);
  }

  @AfterAll
  static void stop() {
    sql.close();
    other.close();
    controlPlane.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    service = new TransitServer();
    id = api.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    tenant = "/v1/tenants/" + id;
    key = tenant + "/key-encryption-key";
  }

  @AfterEach
  void removeTenant() {
    service.close();
    assertThat(api.delete(tenant).status()).isLessThan(300);
  }

  @Test
  void wrapsWhatThereIsAndWhatComesAndLetsItBeUsedOnAnyInstance() throws Exception {
    String before = encrypt(api);
    Reply created = api.put(key, service.document("gatehouse", TOKEN));
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().getString("state")).isEqualTo("held");
    assertThat(created.header("Location")).isEqualTo(key);
    assertThat(decrypt(elsewhere, before)).isEqualTo(PLAIN);
    assertThat(decrypt(api, encrypt(elsewhere))).isEqualTo(PLAIN);
    assertThat(api.post(tenant + "/keys/data/rotate").status()).isEqualTo(200);
    assertThat(decrypt(elsewhere, before)).isEqualTo(PLAIN);
    assertThat(sign(elsewhere).status()).isEqualTo(200);
    Sql.await(() -> service.renewals() == 2); // once by each instance, and not each time
    assertThat(api.get(tenant + "/audit").text())
        .contains("putKeyEncryptionKey")
        .contains("\"keyName\":\"gatehouse\"")
        .doesNotContain(TOKEN);
  }

  @Test
  void isDarkWhereTheTokenIsRevokedAndServedAgainByItself() throws Exception {
    JsonObject login =
        JsonObject.of("client", JsonObject.of("id", "gatehouse", "secret", "s3cret-of-the-login"));
    String providers = tenant + "/identity-providers";
    assertThat(api.post(providers, Fresh.identityProvider().put("login", login)).status())
        .isEqualTo(201);
    assertThat(api.put(key, service.document("gatehouse", TOKEN)).status()).isEqualTo(201);
    String ciphertext = encrypt(api);
    try (FeedReader feed =
        new FeedReader(
            other.port(),
            "?gateway=gw-" + id,
            "Bearer " + controlPlane.firstTokens().orElseThrow().gatewayToken())) {
      assertThat(secretOfTold(feed)).isEqualTo("s3cret-of-the-login");

      service.revoke(TOKEN);
      awaitTold(
          feed,
          List.of(
              this::forgetsTheProvider, message -> saysStatus(message, TenantStatus.SUSPENDED)));
      awaitWithheld(ciphertext);
      assertThat(sign(api).problem()).isEqualTo("key-withheld");
      assertThat(api.post(tenant + "/keys/encrypt", plain()).problem()).isEqualTo("key-withheld");
      assertThat(api.post(tenant + "/keys/data/rotate").problem()).isEqualTo("key-withheld");
      assertThat(api.post(providers, Fresh.identityProvider().put("login", login)).problem())
          .isEqualTo("key-withheld");
      JsonObject shown = api.get(tenant).json();
      assertThat(shown.getString("status")).isEqualTo("active");
      assertThat(shown.getString("keyWithheldAt")).isNotEmpty();
      JsonObject state = api.get(key).json();
      assertThat(state.getString("state")).isEqualTo("withheld");
      assertThat(state.getString("reason")).contains("403");
      // What an operator does meanwhile does not serve the tenant either.
      assertThat(api.patch(tenant, JsonObject.of("name", "Renamed")).status()).isEqualTo(200);
      assertThat(statusTold(feed)).isEqualTo(TenantStatus.SUSPENDED);

      service.allow(TOKEN);
      awaitTold(
          feed,
          List.of(
              message -> saysSecret(message, "s3cret-of-the-login"),
              message -> saysStatus(message, TenantStatus.ACTIVE)));
    }
    assertThat(decrypt(elsewhere, ciphertext)).isEqualTo(PLAIN);
    assertThat(api.get(tenant).json().containsKey("keyWithheldAt")).isFalse();
    assertThat(api.get(tenant + "/audit").text())
        .contains("key-encryption-key.withhold")
        .contains("key-encryption-key.return");
  }

  @Test
  void isDarkWhereTheKeyIsGoneOrTheServiceIsOutOfReachForTooLong() throws Exception {
    assertThat(api.put(key, service.document("gatehouse", TOKEN)).status()).isEqualTo(201);
    String ciphertext = encrypt(api);
    service.answerWith(503);
    assertThat(decrypt(api, ciphertext)).as("within the grace").isEqualTo(PLAIN);
    awaitWithheld(ciphertext);
    assertThat(api.get(key).json().getString("reason")).contains("503");
    service.answerWith(200);
    awaitHeld();
    service.stopListening();
    awaitWithheld(ciphertext);
    service.listenAgain();
    awaitHeld();
    service.fallSilent(true);
    awaitWithheld(ciphertext);
    service.fallSilent(false);
    awaitHeld();
    service.delete("gatehouse");
    awaitWithheld(ciphertext);
    assertThat(api.get(key).json().getString("reason")).contains("400");
  }

  @Test
  void doesNotOpenWithAnotherKeyOfTheSameName() throws Exception {
    assertThat(api.put(key, service.document("gatehouse", TOKEN)).status()).isEqualTo(201);
    String ciphertext = encrypt(api);
    service.delete("gatehouse");
    service.newVersion("gatehouse");
    awaitWithheld(ciphertext);
    assertThat(api.put(key, service.document("gatehouse", TOKEN)).problem())
        .isEqualTo("key-withheld");
    assertThat(api.delete(key).problem()).isEqualTo("key-withheld");
  }

  @Test
  void takesANewTokenForTheSameKeyAlsoWhileItIsWithheld() throws Exception {
    assertThat(api.put(key, service.document("gatehouse", TOKEN)).status()).isEqualTo(201);
    String ciphertext = encrypt(api);
    service.revoke(TOKEN);
    awaitWithheld(ciphertext);
    service.newVersion("gatehouse");
    Reply renewed = api.put(key, service.document("gatehouse", "hvs.another"));
    assertThat(renewed.status()).as(renewed.text()).isEqualTo(200);
    assertThat(renewed.json().getString("state")).isEqualTo("held");
    assertThat(decrypt(api, ciphertext)).isEqualTo(PLAIN);
    assertThat(sql.texts("SELECT wrapped FROM customer_key WHERE tenant_id = ?::uuid", id))
        .allMatch(wrapped -> wrapped.startsWith("vault:v2:"));
  }

  @Test
  void changesTheKeyAndGivesItBack() throws Exception {
    assertThat(api.put(key, service.document("first", TOKEN)).status()).isEqualTo(201);
    String ciphertext = encrypt(api);
    Reply changed = api.put(key, service.document("second", TOKEN));
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(api.put(key, service.document("first", TOKEN), "If-Match", "\"1\"").problem())
        .isEqualTo("version-stale");
    service.delete("first");
    assertThat(decrypt(elsewhere, ciphertext)).isEqualTo(PLAIN);

    assertThat(api.delete(key).status()).isEqualTo(204);
    assertThat(api.get(key).problem()).isEqualTo("key-encryption-key-not-found");
    service.delete("second");
    assertThat(decrypt(api, ciphertext)).isEqualTo(PLAIN);
    assertThat(decrypt(elsewhere, encrypt(elsewhere))).isEqualTo(PLAIN);
  }

  @Test
  void refusesAServiceThatDoesNotGiveWhatItTook() throws Exception {
    JsonObject wanted = service.document("gatehouse", TOKEN);
    service.revoke(TOKEN);
    Reply refused = api.put(key, wanted);
    assertThat(refused.problem()).isEqualTo("key-service-refused");
    assertThat(refused.text()).contains("403").doesNotContain(TOKEN);
    service.allow(TOKEN);
    assertThat(api.put(key, wanted.copy().put("keyName", "none")).problem())
        .isEqualTo("key-service-refused");
    wanted.remove("certificates");
    assertThat(api.put(key, wanted).problem())
        .as("nobody vouches")
        .isEqualTo("key-service-refused");
    assertThat(api.get(key).status()).isEqualTo(404);
    assertThat(decrypt(api, encrypt(api))).isEqualTo(PLAIN);
  }

  @Test
  void callsNoAddressThatATenantMayNotHaveCalled() throws Exception {
    JsonObject wanted = service.document("gatehouse", TOKEN);
    for (String url :
        List.of(
            "https://169.254.169.254",
            "https://10.0.0.1:8200",
            "https://[::1]:8200",
            "https://[::ffff:169.254.169.254]",
            "https://2130706433",
            "https://user@vault.example.com",
            service.url().replace("https", "http"),
            service.url() + "/v1",
            service.url() + "?a=b",
            "file:///etc/passwd")) {
      Reply refused = api.put(key, wanted.copy().put("url", url));
      assertThat(refused.status()).as(url).isIn(400, 422);
    }
    assertThat(api.put(key, wanted.copy().put("keyName", "../../sys/seal")).status())
        .isEqualTo(400);
    assertThat(api.put(key, wanted.copy().put("token", "a\r\nb: c")).status()).isEqualTo(400);
    assertThat(service.calls()).isZero();
  }

  @Test
  void keepsTheTokenSealedAndShowsItNowhere() throws Exception {
    List<Reply> replies =
        List.of(
            api.put(key, service.document("gatehouse", TOKEN)),
            api.get(key),
            api.get(tenant),
            api.get(tenant + "/audit"),
            api.get(tenant + "/audit/export"));
    assertThat(replies).noneMatch(reply -> reply.text().contains(TOKEN));
    byte[] bytes = TOKEN.getBytes(UTF_8);
    for (String table :
        sql.texts(
            """
            SELECT table_schema || '.' || table_name FROM information_schema.tables
             WHERE table_type = 'BASE TABLE'
               AND table_schema NOT IN ('pg_catalog', 'information_schema')
            """)) {
      assertThat(
              sql.count(
                  "SELECT count(*) FROM "
                      + table
                      + " t WHERE t::text LIKE ? OR t::text LIKE ? OR t::text LIKE ?",
                  "%" + TOKEN + "%",
                  "%" + HexFormat.of().formatHex(bytes) + "%",
                  "%" + Base64.getEncoder().withoutPadding().encodeToString(bytes) + "%"))
          .as(table)
          .isZero();
    }
  }

  @Test
  void isDarkWithinAMinuteAsItIsDelivered() throws Exception {
    String url = MigratedDatabase.freshUrl();
    try (TransitServer silent = new TransitServer();
        ControlPlane delivered = OneControlPlane.startBesideServices(url, KeysetConfig.DEFAULT)) {
      ApiClient client = OneControlPlane.operator(delivered);
      String revoked = tenantWithKey(client, service.document("gatehouse", TOKEN));
      String unreachable = tenantWithKey(client, silent.document("gatehouse", TOKEN));
      service.revoke(TOKEN);
      silent.fallSilent(true);
      long begun = System.nanoTime();
      Sql.await(() -> isDark(client, revoked));
      Duration first = Duration.ofNanos(System.nanoTime() - begun);
      Sql.await(() -> isDark(client, unreachable));
      Duration second = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(first).isLessThan(Duration.ofSeconds(20));
      assertThat(second).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(60));
    }
  }

  private static String tenantWithKey(ApiClient client, JsonObject document) {
    String made = client.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    String path = "/v1/tenants/" + made;
    assertThat(client.post(path + "/keys/encrypt", plain()).status()).isEqualTo(200);
    assertThat(client.put(path + "/key-encryption-key", document).status()).isEqualTo(201);
    return path;
  }

  /** At the edge, and for its applications. */
  private static boolean isDark(ApiClient client, String path) {
    return client.get(path).json().containsKey("keyWithheldAt")
        && client.post(path + "/keys/encrypt", plain()).status() == 409;
  }

  @Test
  void tellsTheEdgeOfWhatOpensAfterAStartAndNothingOfTheRest() throws Exception {
    JsonObject login =
        JsonObject.of("client", JsonObject.of("id", "gatehouse", "secret", "s3cret-of-the-login"));
    assertThat(
            api.post(tenant + "/identity-providers", Fresh.identityProvider().put("login", login))
                .status())
        .isEqualTo(201);
    assertThat(api.put(key, service.document("gatehouse", TOKEN)).status()).isEqualTo(201);
    String token = "Bearer " + controlPlane.firstTokens().orElseThrow().gatewayToken();
    try (ControlPlane late = OneControlPlane.startBesideServices(URL, QUICK);
        FeedReader feed = new FeedReader(late.port(), "?gateway=held-" + id, token)) {
      assertThat(secretOfTold(feed)).isEqualTo("s3cret-of-the-login");
    }
    String ciphertext = encrypt(api);
    service.answerWith(503);
    awaitWithheld(ciphertext);
    try (ControlPlane late = OneControlPlane.startBesideServices(URL, QUICK);
        FeedReader feed = new FeedReader(late.port(), "?gateway=withheld-" + id, token)) {
      assertThat(feed.snapshot().toString()).contains(id).doesNotContain("s3cret-of-the-login");
      service.answerWith(200);
      assertThat(secretOfTold(feed)).isEqualTo("s3cret-of-the-login");
    }
  }

  private void awaitWithheld(String ciphertext) {
    Sql.await(() ->
        isWithheld(api, ciphertext)
            && isWithheld(elsewhere, ciphertext)
            && api.get(key).json().getString("state").equals("withheld"));
  }

  private void awaitHeld() {
    Sql.await(() -> api.get(key).json().getString("state").equals("held"));
  }

  private boolean isWithheld(ApiClient client, String ciphertext) {
    Reply reply = client.post(tenant + "/keys/decrypt", JsonObject.of("ciphertext", ciphertext));
    assertThat(reply.status()).as(reply.text()).isIn(200, 409);
    return reply.status() == 409 && reply.problem().equals("key-withheld");
  }

  /** All of these, in any order: each instance tells of secrets as soon as it can open them. */
  private static void awaitTold(FeedReader feed, List<Predicate<FeedMessage>> wanted)
      throws InterruptedException {
    List<Predicate<FeedMessage>> left = new ArrayList<>(wanted);
    while (!left.isEmpty()) {
      FeedMessage message = feed.nextChange();
      left.removeIf(one -> one.test(message));
    }
  }

  private boolean forgetsTheProvider(FeedMessage message) {
    return message instanceof FeedMessage.Remove remove
        && remove.kind() == EdgeObject.Kind.IDENTITY_PROVIDER;
  }

  private boolean saysStatus(FeedMessage message, TenantStatus status) {
    return message instanceof FeedMessage.Upsert upsert
        && upsert.object() instanceof EdgeTenant one
        && one.id().toString().equals(id)
        && one.status() == status;
  }

  private boolean saysSecret(FeedMessage message, String secret) {
    return message instanceof FeedMessage.Upsert upsert
        && upsert.object() instanceof EdgeIdentityProvider one
        && one.tenantId().toString().equals(id)
        && one.login().orElseThrow().client().secret().filter(secret::equals).isPresent();
  }

  private TenantStatus statusTold(FeedReader feed) throws InterruptedException {
    FeedMessage.Upsert told =
        (FeedMessage.Upsert)
            feed.next(message ->
                message instanceof FeedMessage.Upsert upsert
                    && upsert.object() instanceof EdgeTenant one
                    && one.id().toString().equals(id));
    return ((EdgeTenant) told.object()).status();
  }

  private String secretOfTold(FeedReader feed) throws InterruptedException {
    FeedMessage.Upsert told =
        (FeedMessage.Upsert)
            feed.next(message ->
                message instanceof FeedMessage.Upsert upsert
                    && upsert.object() instanceof EdgeIdentityProvider one
                    && one.tenantId().toString().equals(id));
    return ((EdgeIdentityProvider) told.object())
        .login()
        .orElseThrow()
        .client()
        .secret()
        .orElseThrow();
  }

  private String encrypt(ApiClient client) {
    Reply reply = client.post(tenant + "/keys/encrypt", plain());
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().getString("ciphertext");
  }

  private String decrypt(ApiClient client, String ciphertext) {
    Reply reply = client.post(tenant + "/keys/decrypt", JsonObject.of("ciphertext", ciphertext));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return new String(Base64.getDecoder().decode(reply.json().getString("plaintext")), UTF_8);
  }

  private Reply sign(ApiClient client) {
    return client.post(tenant + "/keys/sign", JsonObject.of("data", "b3JkZXIgMTc="));
  }

  private static JsonObject plain() {
    byte[] bytes = PLAIN.getBytes(UTF_8);
    return JsonObject.of("plaintext", Base64.getEncoder().encodeToString(bytes));
  }
}

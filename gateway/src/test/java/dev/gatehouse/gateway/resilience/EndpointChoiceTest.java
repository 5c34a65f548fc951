package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.upstream.DnsServer;
import dev.gatehouse.gateway.upstream.UpstreamConfig;
import dev.gatehouse.gateway.upstream.UpstreamConfig.DnsConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of several endpoints get the requests of a whole gateway. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointChoiceTest {
  @AutoClose private final DnsServer dns = new DnsServer();
  @AutoClose private final Backend a = Backend.answering(200, "a");
  @AutoClose private final Backend b = Backend.answering(200, "b");
  @AutoClose private final Backend c = Backend.answering(200, "c");
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    DnsConfig byTest =
        new DnsConfig(
            Optional.of(dns.address()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5));
    scene =
        new Scene(
            new UpstreamConfig(
                Optional.of("near"), byTest, Optional.empty(), 64, 10, Duration.ofMinutes(1)));
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private JsonObject shown(String path) throws IOException {
    return new JsonObject(scene.admin("/upstreams").body())
        .getJsonArray("services").stream()
            .map(JsonObject.class::cast)
            .filter(service -> path.equals("/" + service.getString("service")))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void aClientThatWaitsToSendItsBodyIsToldToAlsoByTheSecondEndpoint() throws Exception {
    int gone;
    try (ServerSocket socket = new ServerSocket(0)) {
      gone = socket.getLocalPort();
    }
    String path =
        scene.serviceAt(
            "s-" + UUID.randomUUID(),
            "[" + Scene.endpoint(gone, "") + "," + Scene.endpoint(a.port(), "") + "]",
            ",'outlierDetection':{'maxEjectedPercent':0}");
    for (int i = 0; i < 4; i++) {
      try (RawClient client = scene.connect()) {
        client.write(scene.lines("PUT " + path, "Content-Length: 3", "Expect: 100-continue"));
        assertThat(client.readHead().status()).isEqualTo(100);
        client.write("abc");
        assertThat(client.read().body()).isEqualTo("a");
      }
    }
  }

  @Test
  @SuppressWarnings("try") // It is closed in the middle.
  void theGatewaysOwnZoneIsUsedAsLongAsItIsFitAndThenTheOthers() throws Exception {
    try (Backend near = Backend.answering(200, "near");
        Backend far = Backend.answering(200, "far")) {
      String path =
          scene.serviceAt(
              "s-" + UUID.randomUUID(),
              "["
                  + Scene.endpoint(near.port(), ",'zone':'near'")
                  + ","
                  + Scene.endpoint(far.port(), ",'zone':'far'")
                  + "]",
              "");
      for (int i = 0; i < 10; i++) {
        assertThat(scene.get(path).body()).isEqualTo("near");
      }
      assertThat(shown(path).getBoolean("ownZoneOnly")).isTrue();
      near.close();

      for (int i = 0; i < 10; i++) {
        assertThat(scene.get(path).body()).isEqualTo("far");
      }
      assertThat(shown(path).getBoolean("ownZoneOnly")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"header,X-Shard,X-Shard: %s", "cookie,shard,Cookie: theme=dark; shard=%s"})
  void oneKeyAlwaysLeadsToOneEndpoint(String hashOn, String hashName, String header)
      throws Exception {
    String path =
        scene.service(
            ",'balancing':{'policy':'consistent-hash','hashOn':'%s','hashName':'%s'}"
                .formatted(hashOn, hashName),
            a,
            b,
            c);
    Set<String> used = new HashSet<>();
    for (int key = 0; key < 15; key++) {
      String line = header.formatted("key-" + key);
      Set<String> ofKey = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        ofKey.add(scene.get(path, line).body());
      }
      assertThat(ofKey).as(line).hasSize(1);
      used.addAll(ofKey);
    }
    assertThat(used).as("fifteen keys").hasSizeGreaterThan(1);

    Set<String> withoutKey = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      withoutKey.add(scene.get(path).body());
    }
    assertThat(withoutKey).as("the caller stands in for the key").hasSize(1);
  }

  @Test
  void bothFamiliesOfANamesAddressesTakePart() throws Exception {
    assumeTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1")),
        "this machine has no IPv6 loopback");
    try (Backend four = Backend.answering(200, "four");
        Backend six =
            new Backend(
                new HttpServerOptions().setHost("::1").setPort(four.port()),
                request -> Backend.answer(request, 200, "six"))) {
      dns.put("both.upstream.test", 60, "127.0.0.1", "::1");
      String path =
          scene.serviceAt(
              "s-" + UUID.randomUUID(),
              "[{'host':'both.upstream.test','port':" + four.port() + ",'tls':false}]",
              "");
      for (int i = 0; i < 4; i++) {
        scene.get(path);
      }

      assertThat(four.seen()).hasSize(2);
      assertThat(six.seen()).hasSize(2);
    }
  }

  @Test
  void notMoreThanHalfOfTheEndpointsAreEverEjected() throws Exception {
    try (Backend d = Backend.answering(500, "d");
        Backend e = Backend.answering(500, "e");
        Backend f = Backend.answering(500, "f");
        Backend g = Backend.answering(500, "g")) {
      String path = scene.service(",'outlierDetection':{'consecutiveFailures':1}", d, e, f, g);
      for (int i = 0; i < 40; i++) {
        assertThat(scene.get(path).status()).isEqualTo(500);
        assertThat(ejected(path)).isLessThanOrEqualTo(2);
      }

      assertThat(ejected(path)).isEqualTo(2);
    }
  }

  private long ejected(String path) throws IOException {
    return shown(path).getJsonArray("endpoints").stream()
        .map(JsonObject.class::cast)
        .map(endpoint -> endpoint.getJsonArray("addresses").getJsonObject(0))
        .filter(address -> address.getString("state").equals("ejected"))
        .count();
  }
}

package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.dns.TestDnsServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A control plane that looks at domains every second, with a DNS server and the hosts of its
 * tenants on loopback.
 */
final class DomainPlatform implements AutoCloseable {
  static final String LOOPBACK = "127.0.0.1";

  final TestDnsServer dns = TestDnsServer.start();

  /** What hosts answer, by their URL without scheme. */
  final Map<String, String> answers = new ConcurrentHashMap<>();

  final ApiClient api;
  private final Vertx vertx = Vertx.vertx();
  private final ControlPlane controlPlane;

  DomainPlatform(Duration grace) {
    HttpServer hosts =
        vertx.createHttpServer().requestHandler(this::answer).listen(0, LOOPBACK).await();
    controlPlane =
        RunningControlPlane.start(
            new DomainConfig(
                Optional.of(dns.address()),
                List.of(),
                Optional.of("edge.gatehouse.test"),
                List.of(),
                hosts.actualPort(),
                List.of("127.0.0.0/8"),
                20,
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                grace,
                Duration.ofDays(30)));
    api = RunningControlPlane.operatorOf(controlPlane);
    dns.addresses("edge.gatehouse.test", LOOPBACK);
  }

  private void answer(HttpServerRequest request) {
    String host = String.valueOf(request.getHeader("Host")).replaceAll(":.*", "");
    String text = answers.get(host + request.path());
    if (text == null) {
      // A server that repeats what it is asked for.
      request.response().setStatusCode(404).end(request.path());
    } else if (text.startsWith("http:")) {
      request.response().setStatusCode(302).putHeader("Location", text).end();
    } else {
      request.response().end(text);
    }
  }

  /** The path of a new tenant's domains. */
  String domainsOfNewTenant() {
    return api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/domains";
  }

  Claim claim(String host) {
    return claim(domainsOfNewTenant(), host);
  }

  Claim claim(String domains, String host) {
    Reply added = api.post(domains, new JsonObject().put("host", host));
    if (added.status() != 201) {
      throw new AssertionError(added);
    }
    return new Claim(domains + "/" + host, added.json());
  }

  /** A tenant's claim to a host. */
  final class Claim {
    final String path;
    final String token;
    private final JsonObject added;

    private Claim(String path, JsonObject added) {
      this.path = path;
      this.added = added;
      this.token = added.getJsonArray("records").getJsonObject(0).getString("value");
    }

    String challengeName() {
      return added.getJsonArray("records").getJsonObject(0).getString("name");
    }

    /** Sets the TXT record. */
    Claim record() {
      dns.txt(challengeName(), token);
      return this;
    }

    /** Lets the host answer its challenge, at this address. */
    Claim answer() {
      JsonObject proof = added.getJsonObject("httpProof");
      URI url = URI.create(proof.getString("url"));
      dns.addresses(url.getHost(), LOOPBACK);
      answers.put(url.getHost() + url.getPath(), proof.getString("body"));
      return this;
    }

    String url() {
      return added.getJsonObject("httpProof").getString("url").substring("http://".length());
    }

    Claim verify() {
      Reply reply = api.post(path + "/verify");
      if (reply.status() != 202 && reply.status() != 429) {
        throw new AssertionError(reply);
      }
      return this;
    }

    JsonObject ownership() {
      return api.get(path).json().getJsonObject("ownership");
    }

    String state() {
      return ownership().getString("state");
    }

    /** Waits for a look that finds this. */
    JsonObject await(Predicate<JsonObject> found) {
      while (true) {
        JsonObject ownership = ownership();
        if (found.test(ownership)) {
          return ownership;
        }
        try {
          Thread.sleep(50);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("the last state was " + ownership.encode());
        }
      }
    }

    JsonObject awaitState(String state) {
      return await(ownership -> ownership.getString("state").equals(state));
    }

    /** Waits for a look that began after this call. */
    JsonObject awaitLook() {
      String before = ownership().getString("checkedAt", "");
      verify();
      return await(ownership -> !ownership.getString("checkedAt", "").equals(before));
    }

    JsonObject awaitReason(String part) {
      return await(ownership -> ownership.getString("reason", "").contains(part));
    }
  }

  @Override
  public void close() {
    controlPlane.close();
    vertx.close().await();
    dns.close();
  }
}

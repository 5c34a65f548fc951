package dev.gatehouse.deploy.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.contract.context.ContextRefusedException;
import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.signature.Component;
import dev.gatehouse.contract.signature.Message;
import dev.gatehouse.contract.signature.MessageVerifier;
import dev.gatehouse.contract.signature.SignatureRefusedException;
import dev.gatehouse.contract.signature.VerificationPolicy;
import dev.gatehouse.contract.signature.VerifyingKey;
import dev.gatehouse.contract.signature.VerifyingKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that believes nothing: it verifies the context and the signature of each request
 * with keys that it fetched once, and fetches them again only when one is named that it does not
 * have. What does not verify then is answered 401.
 */
final class CheckingApplication implements AutoCloseable {
  private static final String SERVICE = "app";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Component> REQUIRED =
      List.of(
          Component.of("@method"),
          Component.of("@authority"),
          Component.of("@path"),
          Component.of("@query"),
          Component.of("content-digest"),
          Component.of("x-tenant-context"));

  /** Of contexts and of messages, as they were seen. */
  final Set<String> contextKeys = ConcurrentHashMap.newKeySet();

  final Set<String> messageKeys = ConcurrentHashMap.newKeySet();

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger fetches = new AtomicInteger();
  private final MessageVerifier messages =
      new MessageVerifier(VerificationPolicy.requiring(REQUIRED), this::messageKey);
  private final HttpServer server;
  private final URI jwks;
  private volatile Keys keys;

  /** One fetched document, ready to verify with. */
  private record Keys(String document, ContextVerifier contexts, VerifyingKeys messages) {
    static Keys of(String document) {
      return new Keys(
          document, ContextVerifier.withKeys(SERVICE, document), VerifyingKeys.ofJwks(document));
    }

    boolean know(String kid) {
      return document.contains('"' + kid + '"');
    }
  }

  CheckingApplication(URI jwks) throws IOException, InterruptedException {
    this.jwks = jwks;
    this.keys = fetch();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How often the keys were fetched. */
  int fetches() {
    return fetches.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status;
    try {
      contextKeys.add(check(exchange.getRequestHeaders().getFirst(TenantContext.HEADER)));
      messageKeys.add(messages.verify(messageOf(exchange), body).key());
      status = 200;
    } catch (ContextRefusedException | SignatureRefusedException | IllegalStateException e) {
      System.err.println("the application refuses: " + e.getMessage());
      status = 401;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Verifies a context; gives the name of its key. */
  private String check(String token) throws ContextRefusedException, IOException {
    String header = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), UTF_8);
    String kid = JSON.readTree(header).path("kid").asText();
    knowing(kid).contexts.verify(token);
    return kid;
  }

  private Optional<VerifyingKey> messageKey(String keyid) {
    return knowing(keyid).messages.of(keyid);
  }

  private Keys knowing(String kid) {
    Keys known = keys;
    return known.know(kid) ? known : fetchedFor(kid);
  }

  private synchronized Keys fetchedFor(String kid) {
    if (!keys.know(kid)) {
      try {
        keys = fetch();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("the keys are not to be had", e);
      }
    }
    return keys;
  }

  private Keys fetch() throws IOException, InterruptedException {
    fetches.incrementAndGet();
    return Keys.of(
        http.send(HttpRequest.newBuilder(jwks).build(), HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private static Message.Request messageOf(HttpExchange exchange) {
    return Message.request(
        exchange.getRequestMethod(),
        URI.create(
            "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI()),
        exchange.getRequestHeaders());
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}

package dev.gatehouse.sample;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.context.TenantContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Signs as the gateway does and publishes its key on a real HTTP server. */
final class SigningGateway implements AutoCloseable {
  static final String SERVICE = "notes";

  private final String key = SigningKeys.generate();
  private final ContextSigner signer = ContextSigner.of(key);
  private final HttpServer keys;

  SigningGateway() throws IOException {
    keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] jwks = SigningKeys.publicJwks(List.of(key)).getBytes(StandardCharsets.UTF_8);
    keys.createContext(
        TenantContext.JWKS_PATH,
        exchange -> {
          exchange.sendResponseHeaders(200, jwks.length);
          exchange.getResponseBody().write(jwks);
          exchange.close();
        });
    keys.start();
  }

  URI jwks() {
    return URI.create("http://127.0.0.1:" + keys.getAddress().getPort() + TenantContext.JWKS_PATH);
  }

  /** A context of a tenant that may call now. */
  static TenantContext contextOf(UUID tenant, String slug) {
    return contextOf(tenant, slug, SERVICE, Instant.now());
  }

  static TenantContext contextOf(UUID tenant, String slug, String service, Instant at) {
    Instant issued = at.truncatedTo(ChronoUnit.SECONDS);
    return new TenantContext(
        tenant,
        slug,
        "ada@" + slug,
        Set.of("editor"),
        "api-key",
        service,
        issued,
        issued.plusSeconds(60));
  }

  String sign(TenantContext context) {
    return signer.sign(context);
  }

  @Override
  public void close() {
    keys.stop(0);
  }
}

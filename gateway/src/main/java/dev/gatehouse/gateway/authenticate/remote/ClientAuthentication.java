package dev.gatehouse.gateway.authenticate.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.edge.ClientCredentials;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Base64;

/** Says to an authorization server as what the gateway is registered there. */
public final class ClientAuthentication {
  private ClientAuthentication() {}

  /**
   * Adds the client's identifier and secret to a request (RFC 6749 section 2.3.1): in the header,
   * each form-encoded, or in the form. A public client says its identifier in the form.
   */
  public static void add(ClientCredentials client, MultiMap headers, Form form) {
    if (client.secret().isEmpty()) {
      form.add("client_id", client.id());
      return;
    }
    String secret = client.secret().get();
    if (client.authentication().orElse(ClientCredentials.Authentication.BASIC)
        == ClientCredentials.Authentication.POST) {
      form.add("client_id", client.id()).add("client_secret", secret);
      return;
    }
    String both = Form.encode(client.id()) + ":" + Form.encode(secret);
    headers.add(
        HttpHeaders.AUTHORIZATION,
        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8)));
  }
}

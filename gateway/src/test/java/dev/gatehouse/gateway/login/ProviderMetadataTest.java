package dev.gatehouse.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.egress.EgressClient.Fetched;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What identity providers say of themselves. */
@Timeout(30)
class ProviderMetadataTest {
  private static final String ISSUER = "https://id.example/a";

  private static JsonObject good() {
    return new JsonObject()
        .put("issuer", ISSUER)
        .put("authorization_endpoint", "https://id.example/authorize?p=1")
        .put("token_endpoint", "https://id.example/token");
  }

  private static ProviderMetadata read(JsonObject json) {
    return read(200, json.encode());
  }

  private static ProviderMetadata read(int status, String body) {
    return ProviderMetadata.read(
        ISSUER, new Fetched(status, MultiMap.caseInsensitiveMultiMap(), body));
  }

  @Test
  void readsWhatIsThere() {
    ProviderMetadata least = read(good());
    assertThat(least.tokenEndpoint()).hasToString("https://id.example/token");
    assertThat(least.endSessionEndpoint()).isEmpty();
    assertThat(least.namesItself()).isFalse();
    ProviderMetadata more =
        read(
            good()
                .put("end_session_endpoint", "https://id.example/end")
                .put("authorization_response_iss_parameter_supported", true)
                .put("code_challenge_methods_supported", new JsonArray().add("S256")));
    assertThat(more.endSessionEndpoint()).isPresent();
    assertThat(more.namesItself()).isTrue();
  }

  @Test
  void refusesAnotherIssuer() {
    assertThatThrownBy(() -> read(good().put("issuer", "https://id.example/b")))
        .hasMessageContaining("another issuer");
    assertThatThrownBy(() -> read(good().put("issuer", ISSUER + "/")))
        .hasMessageContaining("another issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example/token",
        "//id.example/token",
        "javascript:alert(1)",
        "https://user@id.example/token",
        "https://id.example/token#a",
        "https:///token",
        "file:///etc/passwd",
        "a b"
      })
  void refusesEndpointsThatAreNoHttps(String url) {
    assertThatThrownBy(() -> read(good().put("token_endpoint", url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token_endpoint");
    assertThatThrownBy(() -> read(good().put("end_session_endpoint", url)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatCannotDoWhatIsNeeded() {
    assertThatThrownBy(
            () -> read(good().put("code_challenge_methods_supported", JsonArray.of("plain"))))
        .hasMessageContaining("S256");
    assertThatThrownBy(() -> read(500, "{}")).hasMessageContaining("500");
    assertThatThrownBy(() -> read(200, "[]")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read(200, "<html>")).isInstanceOf(IllegalArgumentException.class);
  }
}

package dev.gatehouse.gateway.authenticate.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.ClientCredentials;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.authenticate.certificate.Confirmation;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authorization server says that a token is bound to (RFC 8705 section 3.2). */
class IntrospectionAnswerTest {
  private static final TenantIntrospection SERVER =
      new TenantIntrospection(
          new EdgeIntrospection(
              UUID.randomUUID(),
              "https://id.example/introspect",
              new ClientCredentials("gateway", Optional.of("secret"), Optional.empty()),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));

  private static Verdict verdict(String confirmation) {
    String json = "{\"active\":true,\"sub\":\"alice\"" + confirmation + "}";
    return new IntrospectionAnswer(new JsonObject(json)).verdict(SERVER, 0);
  }

  private static Confirmation confirmationIn(Verdict verdict) {
    return ((Verdict.LetIn) verdict).principal().credential().confirmation();
  }

  @Test
  void remembersWhatATokenIsBoundTo() {
    assertThat(confirmationIn(verdict(""))).isInstanceOf(Confirmation.Bearer.class);
    String thumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2";
    assertThat(confirmationIn(verdict(",\"cnf\":{\"x5t#S256\":\"" + thumbprint + "\"}")))
        .isInstanceOf(Confirmation.Certificate.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"jkt\":\"a\"}", "{}", "\"a\"", "[]"})
  void refusesWhatIsBoundOtherwise(String confirmation) {
    assertThat(verdict(",\"cnf\":" + confirmation)).isInstanceOf(Verdict.Refused.class);
  }
}

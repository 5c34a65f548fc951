package dev.gatehouse.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.egress.EgressPolicy;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the operator allows more than the public Internet. */
@Timeout(30)
class FetchUrlRulesTest {
  private final FetchUrlRules rules =
      new FetchUrlRules(
          new EgressPolicy(
              List.of(
                  AddressRange.parse("127.0.0.0/8"),
                  AddressRange.parse("10.1.0.0/16"),
                  AddressRange.parse("fd00:1::/32"))));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/jwks",
        "https://127.0.0.1/jwks",
        "http://localhost:8080/jwks",
        "http://keycloak.localhost/jwks",
        "http://localhost./jwks",
        "http://10.1.2.3/jwks",
        "http://[fd00:1::7]/jwks",
        "https://[::ffff:10.1.2.3]/jwks",
        "https://1.1.1.1/jwks",
        "https://id.example.com/jwks",
      })
  void allowsWhatTheOperatorAllows(String url) {
    assertThatCode(() -> rules.check("/url", url)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://1.1.1.1/jwks",
        "http://id.example.com/jwks",
        "https://10.2.0.1/jwks",
        "http://10.2.0.1/jwks",
        "https://[fd00:2::7]/jwks",
        "https://[64:ff9b::7f00:1]/jwks",
        "https://2130706433/jwks",
        "http://0x7f.1/jwks",
        "http://0177.0.0.1/jwks",
      })
  void refusesTheRest(String url) {
    assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> rules.check("/url", url));
  }
}

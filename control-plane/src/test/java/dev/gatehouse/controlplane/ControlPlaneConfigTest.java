package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.contract.token.SecretToken;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class ControlPlaneConfigTest {
  private static final String URL = "postgresql://user:hunter2@127.0.0.1:5432/gatehouse";

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "-a.com", "127.0.0.1", "a..b", "ä.de", "https://a.de"})
  void refusesABaseDomainThatIsNoHostName(String baseDomain) {
    ControlPlaneConfig valid = RunningControlPlane.config(URL);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new ControlPlaneConfig(
                valid.http(),
                valid.database(),
                baseDomain,
                valid.masterKey(),
                valid.bootstrap(),
                valid.rates(),
                valid.domains()))
        .withMessageContaining("baseDomain must be a host name")
        .withMessageContaining(baseDomain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not base64!", "c2hvcnQ="})
  void refusesAMasterKeyOfTheWrongLengthWithoutRepeatingIt(String masterKey) {
    ControlPlaneConfig valid = RunningControlPlane.config(URL);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new ControlPlaneConfig(
                valid.http(),
                valid.database(),
                "a.test",
                masterKey,
                valid.bootstrap(),
                valid.rates(),
                valid.domains()))
        .withMessageContaining("masterKey must be Base64 of 32 bytes")
        .satisfies(
            e -> assertThat(masterKey.isEmpty() || !e.toString().contains(masterKey)).isTrue());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void refusesAPortThatDoesNotExist(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ControlPlaneConfig.Http("127.0.0.1", port))
        .withMessage("port must be between 0 and 65535, found " + port);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001})
  void refusesAPoolThatIsEmptyOrTooLarge(int poolSize) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ControlPlaneConfig.DatabaseConfig(URL, poolSize))
        .withMessage("poolSize must be between 1 and 1000, found " + poolSize);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1:5432",
        "mysql://u:hunter2@h/d",
        "postgresql://h/d",
        "postgresql://u:hunter2@h",
        "postgresql://u:hunter2@h/",
        "postgresql://u:hunter2@/d",
        "postgresql://u:hunter2@h:x/d"
      })
  void refusesADatabaseUrlThatIsIncompleteWithoutRepeatingThePassword(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ControlPlaneConfig.DatabaseConfig(url, 1))
        .withMessageContaining("url must be postgresql://user:password@host:port/database")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  void refusesABootstrapTokenOfAnotherKind() {
    String gateway = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ControlPlaneConfig.Bootstrap(Optional.of(gateway), Optional.empty()))
        .withMessageContaining("operatorToken must be gho_")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(gateway));
  }

  @Test
  void showsNoSecret() {
    String operator = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
    ControlPlaneConfig config =
        RunningControlPlane.config(
            URL,
            Optional.of(new ControlPlaneConfig.Bootstrap(Optional.of(operator), Optional.empty())));

    String shown = config + " " + config.bootstrap();

    assertThat(shown)
        .contains("127.0.0.1")
        .doesNotContain("hunter2")
        .doesNotContain(operator)
        .doesNotContain(config.masterKey());
  }
}

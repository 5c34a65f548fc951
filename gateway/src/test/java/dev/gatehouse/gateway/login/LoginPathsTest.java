package dev.gatehouse.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LoginPathsTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/a//b", "/a?b=//c", "/%2f%2fevil", "/.gatehouse/tenants"})
  void returnsToPlacesOfTheSameHost(String target) {
    assertThat(LoginPaths.mayReturnTo(target)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "/a\r\nSet-Cookie: b",
        "/\tb",
        "/ä",
        "/.gatehouse/logout",
        "/.gatehouse/login?return=/"
      })
  void returnsNowhereElse(String target) {
    assertThat(LoginPaths.mayReturnTo(target)).isFalse();
  }

  @Test
  void returnsToNothingThatIsTooLongForACookie() {
    assertThat(LoginPaths.mayReturnTo("/" + "a".repeat(1499))).isTrue();
    assertThat(LoginPaths.mayReturnTo("/" + "a".repeat(1500))).isFalse();
    assertThat(LoginPaths.loginFor("/" + "a".repeat(1500))).isEqualTo(LoginPaths.LOGIN);
  }
}

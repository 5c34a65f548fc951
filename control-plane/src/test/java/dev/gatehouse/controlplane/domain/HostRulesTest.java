package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.tenant.Hostname;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HostRulesTest {
  private final HostRules rules =
      new HostRules(
          new Hostname("tenants.login.example"), List.of(new Hostname("api.corp.example")));

  @ParameterizedTest
  @CsvSource({
    "tenants.login.example,base domain",
    "acme.tenants.login.example,base domain",
    "*.login.example,would cover the platform's base domain",
    "api.corp.example,belongs to the platform",
    "v1.api.corp.example,belongs to the platform",
    "*.api.corp.example,belongs to the platform",
    "*.corp.example,would cover a host of the platform",
    "tenants.1ogin.example,could be taken for",
    "a.tenants.1ogin.example,could be taken for"
  })
  void refusesWhatIsThePlatforms(String name, String why) {
    assertThat(rules.refusal(DomainName.parse(name)))
        .hasValueSatisfying(reason -> assertThat(reason).contains(why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login.example",
        "tenants-login.example",
        "corp.example",
        "*.example.com",
        "my.github.io",
        "a.co.uk",
        "xn--mnchen-3ya.example"
      })
  void takesWhatIsNot(String name) {
    assertThat(rules.refusal(DomainName.parse(name))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "example.com,true",
    "example.co.uk,true",
    "www.example.com,false",
    "corp.internal,true",
    "a.corp.internal,false",
    "me.github.io,true"
  })
  void knowsWhereAZoneBegins(String host, boolean apex) {
    assertThat(HostRules.isApex(new Hostname(host))).isEqualTo(apex);
  }
}

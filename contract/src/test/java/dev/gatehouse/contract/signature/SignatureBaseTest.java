package dev.gatehouse.contract.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SignatureBaseTest {
  private static String line(String component, Message message) throws Exception {
    return line(Component.of(component), message);
  }

  private static String line(Component component, Message message) throws Exception {
    String base = SignatureBase.over(List.of(component)).of(message, "()");
    return base.substring(0, base.lastIndexOf('\n'));
  }

  private static Message get(String uri) {
    return Message.request("GET", URI.create(uri), Map.of());
  }

  private static Message withHeader(String... values) {
    return Message.request("GET", URI.create("http://a/"), Map.of("X-A", List.of(values)));
  }

  @ParameterizedTest
  @CsvSource({
    "https://Example.COM/, example.com",
    "https://example.com:443/, example.com",
    "https://example.com:80/, example.com:80",
    "http://example.com:80/, example.com",
    "http://example.com:8080/, example.com:8080",
    "http://[::1]:80/, [::1]"
  })
  void writesTheAuthorityInOneWay(String uri, String authority) throws Exception {
    assertThat(line("@authority", get(uri))).isEqualTo("\"@authority\": " + authority);
  }

  @Test
  void writesAnEmptyPathAsASlash() throws Exception {
    assertThat(line("@path", get("http://a"))).isEqualTo("\"@path\": /");
    assertThat(line("@target-uri", get("http://A:80?"))).isEqualTo("\"@target-uri\": http://a/?");
  }

  @Test
  void decodesNothing() throws Exception {
    assertThat(line("@path", get("http://a/%2e%2E/b%2fc"))).isEqualTo("\"@path\": /%2e%2E/b%2fc");
  }

  @Test
  void writesAnAbsentQueryAsAQuestionMark() throws Exception {
    assertThat(line("@query", get("http://a/"))).isEqualTo("\"@query\": ?");
    assertThat(line("@query", get("http://a/?"))).isEqualTo("\"@query\": ?");
  }

  @Test
  void writesParametersInTheOrderOfTheirRecord() throws Exception {
    String base =
        SignatureBase.over(List.of(Component.Derived.METHOD))
            .of(
                get("http://a/"),
                new SignatureParameters(
                    OptionalLong.of(1),
                    OptionalLong.of(2),
                    Optional.of("k"),
                    Optional.of("ed25519"),
                    Optional.of("a\"b\\"),
                    Optional.of("t")));

    assertThat(base)
        .isEqualTo(
            """
            "@method": GET
            "@signature-params": ("@method");created=1;expires=2;keyid="k";alg="ed25519"\
            ;nonce="a\\"b\\\\";tag="t\"\
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n\"@method\": GET",
        "a\r\n\"@method\": GET",
        "a\rb",
        "a\u0000b",
        "caf\u00e9",
        "\r\n a",
        "a\r\n",
        "a\u007f"
      })
  void letsNoHeaderWriteALineOfItsOwn(String value) {
    assertThatThrownBy(() -> line("x-a", withHeader(value)))
        .isInstanceOf(UnsignableMessageException.class)
        .hasMessageContaining("x-a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' a \t'| a",
        "'a \t\r\n \t b'| a b",
        "'a\r\n \r\n b'| a b",
        "'a\tb'| 'a\tb'",
        "''| ''"
      })
  void trimsAndUnfolds(String value, String written) throws Exception {
    assertThat(line("x-a", withHeader(value))).isEqualTo("\"x-a\": " + written);
  }

  @Test
  void refusesDerivedValuesWithSpacesOrBreaks() {
    Message method = Message.request("GE T", URI.create("http://a/"), Map.of());
    Message empty = Message.request("", URI.create("http://a/"), Map.of());

    assertThatThrownBy(() -> line("@method", method)).hasMessageContaining("visible ASCII");
    assertThatThrownBy(() -> line("@method", empty)).hasMessageContaining("is empty");
  }

  @Test
  void keepsRequestsAndResponsesApart() {
    Message response = Message.response(200, Map.of());

    assertThatThrownBy(() -> line("@method", response)).hasMessageContaining("a response has no");
    assertThatThrownBy(() -> line("@status", get("http://a/"))).hasMessageContaining("no status");
    assertThatThrownBy(() -> line("@status", Message.response(99, Map.of())))
        .hasMessageContaining("three digits");
  }

  @ParameterizedTest
  @CsvSource({"?a=1&a=2, twice", "?b=1, absent", "'', absent", "?a=%zz, malformed"})
  void signsAQueryParameterThatOccursOnceOnly(String query, String why) {
    Message.Request request = new Message.Parts("GET", "http", "a", "/", query, Map.of());

    assertThatThrownBy(() -> line(new Component.QueryParameter("a"), request))
        .isInstanceOf(UnsignableMessageException.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesListsThatAreNoneToSign() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignatureBase.over(List.of(Component.of("a"), Component.of("a"))))
        .withMessageContaining("twice");
    assertThatIllegalArgumentException().isThrownBy(() -> Component.of("@signature-params"));
    assertThatIllegalArgumentException().isThrownBy(() -> Component.of("Host"));
    assertThatIllegalArgumentException().isThrownBy(() -> Component.of("a\nb"));
  }
}

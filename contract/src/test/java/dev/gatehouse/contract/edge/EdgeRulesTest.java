package dev.gatehouse.contract.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.gatehouse.contract.edge.EdgeObject.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of edge objects that a schema cannot say, and where they say they are broken. */
@Timeout(30)
class EdgeRulesTest {
  private static final String ID = "\"id\":\"0197c0de-0000-7000-8000-000000000002\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"algorithm\":\"hmac-sha256\"|hmac-sha256 needs a secret",
        "\"algorithm\":\"ed25519\",\"secret\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"|hmac-sha256 alone",
        "\"algorithm\":\"ed25519\",\"keyid\":\"k\"|hmac-sha256 alone",
        "\"algorithm\":\"rsa\"|ed25519, hmac-sha256, found rsa",
        "\"algorithm\":\"hmac-sha256\",\"secret\":\"c2hvcnQ\"|between 32 and 256, found 5",
        "\"algorithm\":\"hmac-sha256\",\"secret\":\"++++\"|must be Base64url",
        "\"algorithm\":\"ed25519\",\"contentDigest\":0|between 1 and 1048576, found 0",
        "\"algorithm\":\"ed25519\",\"contentDigest\":1048577|found 1048577"
      })
  void serviceSaysWhereItsSignatureBreaksWhichRule(String members, String message) {
    assertRefused(
        Kind.SERVICE,
        "{\"name\":\"s\",\"endpoints\":[{\"host\":\"h\",\"port\":1,\"tls\":false}],\"messageSignature\":{"
            + members
            + "}}",
        members.contains("rsa") ? "/messageSignature/algorithm" : "/messageSignature",
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"pathPrefix\":\"/a\",\"pathExact\":\"/a\",\"service\":\"s\"|''|exactly one of pathPrefix",
        "\"pathPrefix\":\"/a\"|''|exactly one of service",
        "\"pathTemplate\":\"/a/{x}/{x}\",\"service\":\"s\"|''|{x} twice",
        "\"pathTemplate\":\"/a{x}\",\"service\":\"s\"|''|whole segment",
        "\"pathTemplate\":\"/{x}\",\"service\":\"s\",\"rewrite\":{\"path\":\"/{y}\"}|''|found {y}",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"rewrite\":{\"path\":\"/{y\"}|''|such as {id}",
        "\"pathPrefix\":\"/\",\"redirect\":{}|/redirect|at least one of",
        "\"pathPrefix\":\"/\",\"redirect\":{\"scheme\":\"ftp\"}|/redirect|found \"ftp\"",
        "\"pathPrefix\":\"/\",\"redirect\":{\"host\":\"h\"},\"mirror\":{\"service\":\"s\",\"percent\":1}|''|a redirect has no",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"mirror\":{\"service\":\"s\",\"percent\":0}|/mirror|between 1 and 100",
        "\"pathPrefix\":\"/\",\"destinations\":{\"services\":[{\"service\":\"s\",\"weight\":1},{\"service\":\"t\",\"weight\":1001}]}|/destinations/services/1|found 1001",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"versions\":{\"defaultVersion\":\"a\",\"versions\":[{\"name\":\"a\"},{\"name\":\"a\"}]}|/versions|\"a\" twice",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"versions\":{\"defaultVersion\":\"a\",\"versions\":[{\"name\":\"a\",\"header\":\"Host\"}]}|/versions/versions/0|\"Host\"",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"access\":{\"methods\":[]}|/access|size of methods",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"access\":{\"roles\":[\"a b\"]}|/access|\"a b\"",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"access\":{\"scopes\":[\"a\\\"b\"]}|/access|without spaces, quotes",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"access\":{\"methods\":[\"anonymous\"],\"roles\":[\"r\"]}|/access|they have none",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"access\":{\"requiredMethods\":[\"anonymous\"]}|/access|anonymous is none",
        "\"pathPrefix\":\"/\",\"service\":\"s\",\"access\":{\"requiredMethods\":[\"jwt\",\"session\"]}|/access|no request can bring two"
      })
  void routeSaysWhereItBreaksWhichRule(String members, String pointer, String message) {
    assertRefused(Kind.ROUTE, "{" + ID + ",\"hosts\":\"any\"," + members + "}", pointer, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"redirects\":[{\"host\":\"a.b\",\"to\":\"a.b\"}]}|/domains/redirects/0|found \"a.b\" twice",
        "{\"redirects\":[{\"host\":\"a.b\",\"to\":\"c.b\",\"status\":302}]}|/domains/redirects/0|found 302",
        "{\"redirects\":[{\"host\":\"a.b\",\"to\":\"c.b\"},{\"host\":\"c.b\",\"to\":\"a.b\"}]}|/domains|is redirected itself",
        "{\"challenges\":[{\"host\":\"a.b\",\"token\":\"../../../../etc/passwd\",\"answer\":\"0123456789abcdef\"}]}|/domains/challenges/0|must match",
        "{\"challenges\":[{\"host\":\"a.b\",\"token\":\"0123456789abcdef\",\"answer\":\"<b>0123456789abcdef</b>\"}]}|/domains/challenges/0|must match",
        "{\"wildcards\":[\"*.a.b\"]}|/domains/wildcards/0|host name may hold only"
      })
  void tenantSaysWhereItsDomainsBreakWhichRule(String domains, String pointer, String message) {
    String tenant =
        "{"
            + ID
            + ",\"slug\":\"acme\",\"status\":\"active\",\"hosts\":[],\"authentication\":[],\"limits\":{},\"domains\":"
            + domains
            + "}";
    assertRefused(Kind.TENANT, tenant, pointer, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "identity-provider|\"name\":\"a\",\"issuer\":\"i\",\"keys\":{\"jwksUrl\":\"https://a.b/\"},\"audiences\":[]|''|size of audiences must be between 1",
        "identity-provider|\"name\":\"a\",\"issuer\":\"i\",\"keys\":{\"jwksUrl\":\"https://a.b/\"},\"audiences\":[],\"login\":{\"client\":{\"id\":\"\"}}|/login/client|length of id",
        "identity-provider|\"name\":\"a\",\"issuer\":\"i\",\"keys\":{\"jwksUrl\":\"https://a.b/\"},\"audiences\":[],\"login\":{\"client\":{\"id\":\"g\"},\"scopes\":[\"a b\"]}|/login|without spaces",
        "identity-provider|\"name\":\"a\",\"issuer\":\"i\",\"keys\":{\"jwksUrl\":\"https://a.b/\"},\"audiences\":[],\"login\":{\"client\":{\"id\":\"g\"},\"sessionLife\":\"PT1S\"}|/login|sessionLife must be between PT1M",
        "client-authority|\"name\":\"a\",\"certificates\":\"c\",\"subject\":\"spiffe\"|''|trustDomain must be given",
        "client-authority|\"name\":\"a\",\"certificates\":\"c\",\"subject\":\"dns\",\"trustDomain\":\"a.b\"|''|and only there",
        "client-authority|\"name\":\"a\",\"certificates\":\"c\",\"subject\":\"spiffe\",\"trustDomain\":\"A/b\"|''|found \"A/b\"",
        "client-authority|\"name\":\"a\",\"certificates\":\"c\",\"subject\":\"dns\",\"revokedSerials\":[\"0F\"]|''|found \"0F\"",
        "introspection|\"url\":\"https://u@a.b/\",\"client\":{\"id\":\"g\"}|''|url must be an https URL",
        "introspection|\"url\":\"https://a.b/\",\"client\":{\"id\":\"g\"},\"cacheFor\":\"PT1H\"|''|cacheFor must be between",
        "forward-auth|\"url\":\"https://a.b/#c\"|''|url must be an https URL",
        "forward-auth|\"url\":\"https://a.b/\",\"requestHeaders\":[\"X-Tenant-Id\"]|''|the gateway says it itself",
        "forward-auth|\"url\":\"https://a.b/\",\"requestHeaders\":[\"Host\"]|''|the gateway says it itself",
        "forward-auth|\"url\":\"https://a.b/\",\"subjectHeader\":\"a b\"|''|found \"a b\"",
        "forward-auth|\"url\":\"https://a.b/\",\"timeout\":\"PT11S\"|''|timeout must be between"
      })
  void identitySaysWhereItBreaksWhichRule(
      String kind, String members, String pointer, String message) {
    String ids = "{" + ID + ",\"tenantId\":\"0197c0de-0000-7000-8000-000000000001\",";
    assertRefused(Kind.fromWireName(kind), ids + members + "}", pointer, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "X-Tenant-Id",
        "x_tenant_slug",
        "X-Forwarded-For",
        "Forwarded",
        "TraceParent",
        "a b",
        ":path",
        "x\\r\\ny",
        ""
      })
  void noHeaderOfTheGatewayIsChanged(String name) {
    for (String changes :
        new String[] {"\"remove\":[\"%s\"]", "\"set\":{\"%s\":\"v\"}", "\"add\":{\"%s\":\"v\"}"}) {
      assertThatThrownBy(() -> route("\"requestHeaders\":{" + changes.formatted(name) + "}"))
          .isInstanceOf(MalformedFeedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nX: y", "a\\n", "\\u0000", " a", "a ", "\\u0100"})
  void noValueEndsItsHeader(String value) {
    assertThatThrownBy(() -> route("\"responseHeaders\":{\"set\":{\"X-A\":\"" + value + "\"}}"))
        .isInstanceOf(MalformedFeedException.class);
  }

  @Test
  void headerValuesMayBeEmptyAndHoldSpaces() throws Exception {
    assertThat(route("\"responseHeaders\":{\"set\":{\"X-A\":\"\",\"X-B\":\"a \\t b\"}}"))
        .isNotNull();
  }

  @Test
  void grpcIsAskedOverHttp2Only() {
    String service = "\"name\":\"s\",\"endpoints\":[{\"host\":\"h\",\"port\":1}]";
    assertRefused(
        Kind.SERVICE, "{" + service + ",\"healthCheck\":{\"type\":\"grpc\"}}", "", "must be h2");
  }

  @Test
  void tenantSaysWhichOverrideBreaksTheRule() {
    String tenant =
        "\"slug\":\"acme\",\"status\":\"active\",\"hosts\":[],\"authentication\":[],\"limits\":{}";
    assertRefused(
        Kind.TENANT,
        "{" + ID + "," + tenant + ",\"services\":{\"s\":{\"endpoints\":[]}}}",
        "/services/s",
        "at least one");
    assertRefused(
        Kind.TENANT,
        "{" + ID + "," + tenant + ",\"services\":{\"s\":{\"sendTo\":\"s\"}}}",
        "",
        "another service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"endpoints\":[{\"host\":\"h\",\"port\":1}]", "\"circuitBreaker\":{}"})
  void nothingIsSaidOfAServiceThatATenantIsSentAwayFrom(String beside) {
    assertRefused(
        Kind.TENANT,
        "{%s,\"slug\":\"acme\",\"status\":\"active\",\"hosts\":[],\"authentication\":[],\"limits\":{},\"services\":{\"s\":{%s,\"sendTo\":\"t\"}}}"
            .formatted(ID, beside),
        "/services/s",
        "sendTo must stand alone");
  }

  private static EdgeObject route(String member) throws MalformedFeedException {
    return FeedCodec.decodeObject(
        Kind.ROUTE,
        "{" + ID + ",\"hosts\":\"any\",\"pathPrefix\":\"/\",\"service\":\"s\"," + member + "}");
  }

  private static void assertRefused(Kind kind, String json, String pointer, String message) {
    assertThatThrownBy(() -> FeedCodec.decodeObject(kind, json))
        .hasMessageContaining(message)
        .asInstanceOf(type(MalformedFeedException.class))
        .extracting(MalformedFeedException::pointer)
        .isEqualTo(pointer);
  }
}

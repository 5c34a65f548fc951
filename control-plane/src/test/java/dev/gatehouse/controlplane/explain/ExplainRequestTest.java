package dev.gatehouse.controlplane.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.feed.FeedReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may ask, what comes back, and what is left behind. A gateway's side is spoken here. */
@Timeout(60)
class ExplainRequestTest {
  private static final String NAME = "gw-" + UUID.randomUUID();
  private static final String SECRET = "s3cr3t-" + UUID.randomUUID();
  private static final ApiClient OPERATOR = RunningControlPlane.operator();
  private static final ConcurrentMap<String, ExplainQuestion> ASKED = new ConcurrentHashMap<>();

  private static FeedReader feed;
  private static String tenant = "";
  private static String slug = "";

  @BeforeAll
  static void connect() throws Exception {
    JsonObject made = OPERATOR.post("/v1/tenants", Fresh.tenant()).json();
    tenant = made.getString("id");
    slug = made.getString("slug");
    feed =
        new FeedReader(
            RunningControlPlane.port(),
            "?explains=true&gateway=" + NAME,
            "Bearer " + RunningControlPlane.gatewayToken());
    FeedReader.Snapshot _ = feed.snapshot();
    Thread _ = Thread.ofVirtual().start(ExplainRequestTest::answerAll);
  }

  @AfterAll
  static void leave() {
    feed.close();
    // Nobody is to wait for it.
    RunningControlPlane.sql(
        "UPDATE gateway SET last_seen_at = now() - interval '1 minute' WHERE name = '%s'"
            .formatted(NAME));
  }

  private static void answerAll() {
    ApiClient gateway = RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
    try {
      while (true) {
        FeedMessage next = feed.next();
        if (next instanceof FeedMessage.Ask(ExplainQuestion question)) {
          ASKED.put(question.url(), question);
          Reply _ =
              gateway.post(
                  ExplainAnswer.PATH,
                  new JsonObject(new String(answerTo(question).encode(), UTF_8)));
        } else if (next instanceof FeedMessage.Heartbeat heartbeat) {
          Reply _ =
              gateway.post(
                  FeedMessage.APPLIED_PATH,
                  JsonObject.of("gateway", NAME, "revision", heartbeat.revision()));
        }
      }
    } catch (InterruptedException | AssertionError _) {
      // The feed has ended with the tests.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static ExplainAnswer answerTo(ExplainQuestion question) {
    if (question.url().endsWith("/wrong")) {
      return new ExplainAnswer(
          NAME,
          question.id(),
          Optional.empty(),
          Optional.of("a header must be given as \"Name: value\""),
          Optional.empty());
    }
    if (question.url().endsWith("/busy")) {
      return new ExplainAnswer(
          NAME, question.id(), Optional.empty(), Optional.empty(), Optional.of("it is busy"));
    }
    JsonObject forward =
        step(
            "forward",
            "1 of 2 addresses of the endpoints of shop may take it",
            JsonObject.of("endpoints", JsonArray.of(JsonObject.of("host", "10.0.0.7"))));
    JsonObject explanation =
        JsonObject.of(
            "verdict",
            "forwarded",
            "steps",
            JsonArray.of(
                step("authenticate", "the caller is robot", JsonObject.of("subject", "robot")),
                step("route", "leads to the service shop", JsonObject.of("service", "shop")),
                forward));
    return new ExplainAnswer(
        NAME,
        question.id(),
        Optional.of(new JsonObject(explanation.toBuffer()).getMap()),
        Optional.empty(),
        Optional.empty());
  }

  private static JsonObject step(String stage, String because, JsonObject facts) {
    return JsonObject.of("stage", stage, "passed", true, "because", because, "facts", facts);
  }

  private static Reply explain(ApiClient who, JsonObject body) throws Exception {
    return who.post("/v1/tenants/" + tenant + "/explain", body);
  }

  @Test
  void asksWhatWasGivenOfTheTenantOfThePathAndKeepsNothingOfIt() throws Exception {
    JsonObject body =
        JsonObject.of(
            "path",
            "/orders?x=1",
            "method",
            "POST",
            "headers",
            JsonArray.of("Authorization: Bearer " + SECRET),
            "gateway",
            NAME);

    Reply reply = explain(OPERATOR, body);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getString("gateway")).isEqualTo(NAME);
    String url = "https://" + slug + "." + RunningControlPlane.BASE_DOMAIN + "/orders?x=1";
    assertThat(reply.json().getString("request")).isEqualTo("POST " + url);
    assertThat(ASKED)
        .hasEntrySatisfying(
            url,
            question -> {
              assertThat(question.tenant()).isEqualTo(UUID.fromString(tenant));
              assertThat(question.headers()).containsExactly("Authorization: Bearer " + SECRET);
            });
    String trail = OPERATOR.get("/v1/tenants/" + tenant + "/audit?limit=200").text();
    assertThat(trail).doesNotContain(SECRET, "explainRequest");
  }

  @Test
  void tellsAnAdministratorOfTheTenantNothingOfThePlatform() throws Exception {
    ApiClient administrator = Person.memberOf(tenant, "admin").api();

    Reply reply = explain(administrator, JsonObject.of("path", "/own"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text())
        .contains("the caller is robot", "it would be sent to the application")
        .doesNotContain("shop", "10.0.0.7", NAME);
    assertThat(explain(administrator, JsonObject.of("gateway", NAME)).status()).isEqualTo(403);
  }

  @Test
  void asksTheConnectionThatIsLeftWhereAnotherOfTheSameNameHasGone() throws Exception {
    FeedReader second =
        new FeedReader(
            RunningControlPlane.port(),
            "?explains=true&gateway=" + NAME,
            "Bearer " + RunningControlPlane.gatewayToken());
    FeedReader.Snapshot _ = second.snapshot();
    second.close();

    Reply reply = explain(OPERATOR, JsonObject.of("path", "/left", "gateway", NAME));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
  }

  @Test
  void isNotForThoseWhoMayNot() throws Exception {
    JsonObject body = JsonObject.of("path", "/");

    assertThat(explain(Person.memberOf(tenant, "member").api(), body).status()).isEqualTo(403);
    assertThat(explain(Person.memberOf(tenant, "auditor").api(), body).status()).isEqualTo(403);
    assertThat(explain(Person.create().api(), body).status()).isEqualTo(404);
    assertThat(explain(Person.withPlatformRole("support").api(), body).status()).isEqualTo(200);
  }

  @Test
  void saysWhatTheGatewayFindsWrongAtTheMemberThatItComesFrom() throws Exception {
    Reply wrong =
        explain(OPERATOR, JsonObject.of("path", "/wrong", "headers", JsonArray.of("x y")));

    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo("/headers");
    assertThat(explain(OPERATOR, JsonObject.of("path", "/busy")).status()).isEqualTo(503);
  }

  @Test
  void isLimited() throws Exception {
    ApiClient somebody = Person.withPlatformRole("admin").api();
    String another = OPERATOR.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    JsonObject body = JsonObject.of("gateway", "no-such-gateway");
    int limited = 0;

    for (int i = 0; i < 30; i++) {
      int status = somebody.post("/v1/tenants/" + another + "/explain", body).status();
      assertThat(status).isIn(404, 429);
      limited += status == 429 ? 1 : 0;
    }

    assertThat(limited).isPositive();
  }
}

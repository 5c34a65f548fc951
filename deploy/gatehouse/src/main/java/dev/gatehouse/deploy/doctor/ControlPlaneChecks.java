package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.contract.BuildVersion;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A running control plane, by its API. */
final class ControlPlaneChecks implements AutoCloseable {
  private static final int MOST_BLUEPRINTS = 20;
  private static final int PAGE = 100;

  private final Probe api;
  private final Optional<String> noToken;
  private final InstantSource clock;

  /**
   * @param api asks it, and is closed with this
   * @param noToken why it asks without a token
   */
  ControlPlaneChecks(Probe api, Optional<String> noToken, InstantSource clock) {
    this.api = api;
    this.noToken = noToken;
    this.clock = clock;
  }

  Group group() {
    return Group.behind(
        "Control plane at " + api.base(),
        new Check("ready", this::ready),
        List.of(
            Check.of("token", this::token),
            new Check("gateways", this::gateways),
            new Check("gateway tokens", this::gatewayTokens),
            new Check("partitions", this::partitions),
            new Check("rollouts", this::rollouts),
            new Check("version", this::version)));
  }

  private List<Finding> ready() throws InterruptedException {
    try {
      Instant asked = clock.instant();
      Probe.Answer answer = api.get("/healthz");
      Instant answered = clock.instant();
      if (answer.status() != 200) {
        return List.of(
            Finding.failed(
                "It answers " + answer.inWords() + " at /healthz.",
                "Look whether that is the control plane: --url names it."));
      }
      List<Finding> found = new ArrayList<>(List.of(database(api.get("/readyz"))));
      skew(answer, asked, answered)
          .filter(skew -> skew.grade() != Grade.OK)
          .map(skew -> new Finding(skew.grade(), "Its clock: " + skew.found(), skew.advice()))
          .ifPresent(found::add);
      return found;
    } catch (IOException e) {
      return List.of(
          Finding.failed(
              "It does not answer: " + Reasons.of(e) + ".",
              "Start it (gatehouse control-plane --config FILE) and look into its log, or name"
                  + " another by --url. Gateways go on with what they know."));
    }
  }

  /** Only what stands before it may say the time. */
  private static Optional<Finding> skew(Probe.Answer answer, Instant asked, Instant answered) {
    return answer
        .headers()
        .firstValue("Date")
        .flatMap(date -> {
          try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
          } catch (DateTimeException _) {
            return Optional.empty();
          }
        })
        .map(theirs -> Skew.of(asked, theirs, answered, Duration.ofSeconds(1)));
  }

  private static Finding database(Probe.Answer answer) {
    return answer.status() == 200
        ? Finding.ok("It answers, and reaches its database.")
        : Finding.failed(
            "It is not ready: " + answer.inWords() + ".",
            "It does not reach its database: look at PostgreSQL, and into its log. (--config"
                + " control-plane.yaml has the database looked at.)");
  }

  private Finding token() throws IOException, InterruptedException {
    if (noToken.isPresent()) {
      return Finding.skipped(noToken.get());
    }
    Probe.Answer answer = api.get("/v1/gateways");
    return switch (answer.status()) {
      case 200 -> Finding.ok("It is accepted.");
      case 401 ->
          Finding.failed(
              "It is not accepted.",
              "Give another by --token-file or GATEHOUSE_TOKEN: that of the first start, or one that"
                  + " an operator makes (gatehouse token create).");
      case 403 ->
          Finding.warning(
              "It is accepted, but may not read what is looked at here.",
              "Give the token of an operator.");
      default ->
          Finding.failed(
              "The control plane answers " + answer.inWords() + ".", "Its log says more.");
    };
  }

  private List<Finding> version() throws IOException, InterruptedException {
    Probe.Answer answer = api.get("/metrics");
    return switch (answer.status()) {
      case 200 ->
          List.of(
              Release.compared(
                  BuildVersion.of(ControlPlaneChecks.class), new Metrics(answer.text()).version()));
      case 404 -> List.of(Release.compared("", Optional.empty()));
      default -> unread(answer);
    };
  }

  private List<Finding> gateways() throws IOException, InterruptedException {
    Probe.Answer answer = api.get("/v1/gateways");
    if (answer.status() != 200) {
      return unread(answer);
    }
    JsonNode items = answer.json().path("items");
    if (items.isEmpty()) {
      return List.of(
          Finding.warning(
              "None has been heard of.",
              "Start one (gatehouse gateway --config FILE), with a gateway's token in feed.token."));
    }
    List<Finding> found = new ArrayList<>();
    for (JsonNode one : items) {
      String name = one.path("name").asText();
      if (!one.path("live").asBoolean()) {
        found.add(
            Finding.warning(
                name
                    + " is silent: it was last heard of at "
                    + one.path("lastSeenAt").asText()
                    + ".",
                "If it was taken away, it is forgotten by itself. Else start it, or look at the"
                    + " network between: it serves what it knew then."));
      } else if (one.path("lag").asLong() > 0) {
        found.add(
            Finding.warning(
                name + " is " + one.path("lag").asLong() + " revisions behind.",
                "Ask again in some seconds. If it stays so, its log says which lines of the feed it"
                    + " does not take."));
      }
    }
    return found.isEmpty() ? List.of(Finding.ok(items.size() + " heard of, none behind.")) : found;
  }

  /** Where there is one gateway alone, there is nobody else whose name it could take. */
  private List<Finding> gatewayTokens() throws IOException, InterruptedException {
    Probe.Answer gateways = api.get("/v1/gateways");
    if (gateways.status() != 200) {
      return unread(gateways);
    }
    boolean several = gateways.json().path("items").size() > 1;
    List<Finding> found = new ArrayList<>();
    String cursor = "";
    do {
      Probe.Answer page = api.get("/v1/tokens?limit=" + PAGE + cursor);
      if (page.status() != 200) {
        return unread(page);
      }
      for (JsonNode one : page.json().path("items")) {
        if (several && isForEveryName(one)) {
          found.add(goodForAll(one.path("id").asText()));
        }
      }
      String next = page.json().path("nextCursor").asText("");
      cursor = next.isEmpty() ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());
    return found.isEmpty() ? List.of(Finding.ok("None speaks for another gateway.")) : found;
  }

  private boolean isForEveryName(JsonNode token) {
    return token.path("kind").asText().equals("gateway")
        && token.path("gateway").asText("*").equals("*")
        && (!token.has("expiresAt")
            || Instant.parse(token.path("expiresAt").asText()).isAfter(clock.instant()));
  }

  private static Finding goodForAll(String id) {
    return Finding.warning(
        "That with the id "
            + id
            + " is good under the name of every gateway: who takes it from one can speak for the"
            + " others.",
        "Make one for each (gatehouse token create --kind gateway --gateway NAME), put it into"
            + " feed.token there, then gatehouse token revoke "
            + id
            + ".");
  }

  private List<Finding> partitions() throws IOException, InterruptedException {
    Probe.Answer answer = api.get("/v1/partitions?limit=" + PAGE);
    if (answer.status() != 200) {
      return unread(answer);
    }
    List<Finding> found = new ArrayList<>();
    JsonNode items = answer.json().path("items");
    for (JsonNode one : items) {
      if (one.has("problem")) {
        found.add(
            Finding.failed(
                one.path("name").asText() + ": " + one.path("problem").asText() + ".",
                "It is tried again by itself. Correct where it is, or its login: gatehouse partition"
                    + " update "
                    + one.path("name").asText()
                    + "."));
      }
    }
    return found.isEmpty()
        ? List.of(
            Finding.ok(
                items.isEmpty() ? "There is none." : items.size() + " looked at, all are ready."))
        : found;
  }

  private List<Finding> rollouts() throws IOException, InterruptedException {
    Probe.Answer blueprints = api.get("/v1/blueprints?limit=" + MOST_BLUEPRINTS);
    if (blueprints.status() != 200) {
      return unread(blueprints);
    }
    List<Finding> found = new ArrayList<>();
    JsonNode items = blueprints.json().path("items");
    for (JsonNode blueprint : items) {
      String name = blueprint.path("name").asText();
      for (JsonNode rollout :
          api.get("/v1/blueprints/" + name + "/rollouts?limit=1").json().path("items")) {
        if (rollout.path("state").asText().equals("paused")) {
          String id = rollout.path("id").asText();
          String reason = rollout.path("reason").asText("");
          found.add(
              Finding.warning(
                  "That of "
                      + name
                      + " to version "
                      + rollout.path("to").asText()
                      + " is paused"
                      + (reason.isEmpty() ? "" : ": " + reason)
                      + ".",
                  "gatehouse rollout steps "
                      + id
                      + " --state failed says what failed where; then"
                      + " gatehouse rollout resume "
                      + id
                      + ", or rollout cancel."));
        }
      }
    }
    return found.isEmpty()
        ? List.of(Finding.ok(items.isEmpty() ? "There is no blueprint." : "None is paused."))
        : found;
  }

  private List<Finding> unread(Probe.Answer answer) {
    return List.of(
        switch (answer.status()) {
          case 401 -> Finding.skipped("They cannot be read without a token that is accepted.");
          case 403 -> Finding.skipped("This token may not read them.");
          default ->
              Finding.failed(
                  "The control plane answers " + answer.inWords() + ".", "Its log says more.");
        });
  }

  @Override
  public void close() {
    api.close();
  }
}

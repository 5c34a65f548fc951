package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.api.DocumentedOperations.Operation;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls every operation with what the document allows, and with what it nearly allows: no call may
 * be answered with a fault of the server, nor with anything that the document does not describe.
 */
@Timeout(300)
class FuzzTest {
  private static final int ROUNDS = 7;
  private static final int LONGEST_PATH = 8000;

  private final ControlPlane controlPlane = OneControlPlane.start(MigratedDatabase.freshUrl());
  private final ApiClient api = OneControlPlane.operator(controlPlane);
  private final DocumentedOperations document =
      new DocumentedOperations(api.get("/openapi.yaml").text());
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final GeneratedValues values = new GeneratedValues(random);

  /** Values of path parameters that name something that is there, by the parameter's name. */
  private final Map<String, List<String>> known = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    controlPlane.close();
  }

  @Test
  void answersEveryCallAsTheDocumentSays() {
    prepare();
    List<Operation> operations = new ArrayList<>(document.all());
    for (int round = 0; round < ROUNDS; round++) {
      Collections.shuffle(operations, random);
      for (Operation operation : operations) {
        call(operation, round % 3 == 2);
      }
    }
  }

  /** Something of everything, so that not every call ends at a name that nobody has. */
  private void prepare() {
    for (int i = 0; i < 3; i++) {
      Reply tenant = api.post("/v1/tenants", Fresh.tenant());
      learn("tenant", tenant.json().getString("id"));
      learn("tenant", tenant.json().getString("slug"));
    }
  }

  private void call(Operation operation, boolean breaks) {
    String path = pathOf(operation, breaks) + queryOf(operation, breaks);
    if (path.length() > LONGEST_PATH) {
      return; // two long values: refused before any operation is found (414)
    }
    List<String> headers = headersOf(operation, breaks);
    String body = bodyOf(operation, breaks, headers);
    Reply reply = api.send(operation.method(), path, body, headers.toArray(String[]::new));
    String what =
        "seed %d: %s %s %s %s%n=> %s"
            .formatted(seed, operation.method(), path, headers, body, reply);
    check(operation, reply, what);
    if (reply.status() == 201) {
      remember(reply);
    }
  }

  private void check(Operation operation, Reply reply, String what) {
    // There is none that could be asked what becomes of a request.
    boolean noGateway = reply.status() == 503 && reply.problem().equals("no-gateway");
    assertThat(reply.status() < 500 || noGateway).as(what).isTrue();
    JsonObject response = operation.responses().getJsonObject(String.valueOf(reply.status()));
    assertThat(response).as("not in the document: " + what).isNotNull();
    JsonObject content = response.getJsonObject("content", new JsonObject());
    if (reply.text().isEmpty()) {
      assertThat(content.isEmpty()).as(what).isTrue();
      return;
    }
    String type = reply.header("Content-Type").split(";", 2)[0];
    assertThat(content.fieldNames()).as(what).contains(type);
    if (type.equals("application/x-ndjson")) {
      assertThat(reply.text().lines()).as(what).allSatisfy(JsonObject::new);
    } else if (type.endsWith("json")) {
      JsonObject schema = content.getJsonObject(type).getJsonObject("schema");
      assertThat(document.faultsOf(schema, reply.json())).as(what).isEmpty();
    }
  }

  private String pathOf(Operation operation, boolean breaks) {
    String path = operation.path();
    for (JsonObject parameter : operation.parameters("path")) {
      String name = parameter.getString("name");
      List<String> there = known.getOrDefault(name, List.of());
      String value =
          !there.isEmpty() && random.nextInt(breaks ? 3 : 8) > 0
              ? there.get(random.nextInt(there.size()))
              : text(parameter, breaks);
      path = path.replace("{" + name + "}", encoded(value.isEmpty() ? "-" : value));
    }
    return path;
  }

  private String queryOf(Operation operation, boolean breaks) {
    List<String> query = new ArrayList<>();
    for (JsonObject parameter : operation.parameters("query")) {
      if (parameter.getBoolean("required", false) || random.nextInt(3) == 0) {
        query.add(parameter.getString("name") + "=" + encoded(text(parameter, breaks)));
      }
    }
    return query.isEmpty() ? "" : "?" + String.join("&", query);
  }

  private List<String> headersOf(Operation operation, boolean breaks) {
    List<String> headers = new ArrayList<>();
    for (JsonObject parameter : operation.parameters("header")) {
      if (random.nextInt(4) == 0) {
        headers.add(parameter.getString("name"));
        headers.add(breaks ? "odd value,," : headerValue(parameter.getString("name")));
      }
    }
    return headers;
  }

  private String headerValue(String name) {
    return switch (name) {
      case "If-Match", "If-None-Match" -> random.nextBoolean() ? "*" : "\"1\"";
      case "Prefer" -> "wait=1";
      default -> "k" + random.nextLong();
    };
  }

  private String bodyOf(Operation operation, boolean breaks, List<String> headers) {
    JsonObject content = operation.content();
    if (content.isEmpty()) {
      return "";
    }
    List<String> types = new ArrayList<>(content.fieldNames());
    String type = types.get(random.nextInt(types.size()));
    headers.add("Content-Type");
    headers.add(breaks && random.nextInt(5) == 0 ? "text/plain" : type);
    JsonObject schema = content.getJsonObject(type).getJsonObject("schema", new JsonObject());
    Object value =
        random.nextInt(4) == 0
            ? example(content.getJsonObject(type), schema)
            : values.valid(schema);
    Object sent = breaks ? values.broken(schema) : value;
    String text = sent instanceof JsonObject object ? object.encode() : String.valueOf(sent);
    return breaks && random.nextInt(6) == 0 ? text.substring(0, text.length() / 2) : text;
  }

  private Object example(JsonObject content, JsonObject schema) {
    return content.getJsonObject("examples", new JsonObject()).stream()
        .findFirst()
        .map(example -> ((JsonObject) example.getValue()).getValue("value"))
        .orElseGet(() -> values.valid(schema));
  }

  private String text(JsonObject parameter, boolean breaks) {
    return breaks && random.nextBoolean()
        ? values.oddText()
        : String.valueOf(values.valid(parameter.getJsonObject("schema")));
  }

  /** What was made can be named from now on: by the last part of its place. */
  private void remember(Reply reply) {
    String location = reply.header("Location");
    String[] parts = location.split("/", -1);
    document.all().stream()
        .map(Operation::path)
        .filter(path -> path.endsWith("}") && path.split("/", -1).length == parts.length)
        .filter(path -> path.split("/", -1)[parts.length - 2].equals(parts[parts.length - 2]))
        .findFirst()
        .flatMap(path -> Optional.of(path.substring(path.lastIndexOf('{') + 1, path.length() - 1)))
        .ifPresent(name -> learn(name, parts[parts.length - 1]));
  }

  private void learn(String name, String value) {
    known.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

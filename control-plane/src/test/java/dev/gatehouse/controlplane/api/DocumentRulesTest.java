package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.api.DocumentedOperations.Operation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What holds for all operations of the document, so that who knows one knows the others. Spectral's
 * recommended rules ({@code .spectral.yaml}) are kept by hand; those that matter most are here,
 * too.
 */
@Timeout(60)
class DocumentRulesTest {
  /** What may be done with a tenant that is archived. */
  private static final Set<String> NEVER_READ_ONLY =
      Set.of("deleteTenant", "putSchedule", "cancelSchedule", "explainRequest");

  /** Lists that cannot grow long. */
  private static final Set<String> WHOLE_LISTS =
      Set.of(
          "listSchedule",
          "listRoles",
          "listMemberships",
          "listAuditKeys",
          "listGateways",
          "listKeysets",
          "listSigningKeys");

  /** What is asked by POST, so that it does not stand in a URL, and changes nothing. */
  private static final Set<String> QUESTIONS =
      Set.of(
          "encrypt",
          "encryptBatch",
          "decrypt",
          "decryptBatch",
          "rewrap",
          "rewrapBatch",
          "sign",
          "signBatch",
          "verify",
          "verifyBatch",
          "explainRequest");

  private final DocumentedOperations document =
      new DocumentedOperations(ApiDocument.load().yaml().toString());
  private final List<Operation> api = document.all();

  @Test
  void saysOfEveryOperationWhatItIs() {
    assertThat(document.everything().stream().map(Operation::id)).doesNotHaveDuplicates();
    Set<String> tags = new TreeSet<>();
    document
        .root()
        .getJsonArray("tags")
        .forEach(tag -> tags.add(((JsonObject) tag).getString("name")));
    Set<String> used = new TreeSet<>();
    for (Operation operation : document.everything()) {
      assertThat(operation.id()).matches("[a-z]+[A-Za-z]*");
      for (String text : List.of("summary", "description")) {
        assertThat(operation.document().getString(text, "")).as(operation.id()).isNotBlank();
      }
      assertThat(operation.document().getString("summary")).as(operation.id()).doesNotEndWith(".");
      operation.document().getJsonArray("tags").forEach(tag -> used.add((String) tag));
    }
    assertThat(used).isEqualTo(tags);
  }

  @Test
  void describesEveryParameterAndNamesItAsTheOthers() {
    for (Operation operation : document.everything()) {
      for (Object one : operation.document().getJsonArray("parameters")) {
        JsonObject parameter = (JsonObject) one;
        String name = parameter.getString("name");
        String where = operation.id() + " " + name;
        assertThat(parameter.getString("description", "")).as(where).isNotBlank();
        assertThat(name)
            .as(where)
            .matches(
                parameter.getString("in").equals("header") ? "[A-Z][A-Za-z-]+" : "[a-z][A-Za-z]*");
        JsonObject schema = parameter.getJsonObject("schema");
        if ("date-time".equals(schema.getString("format"))) {
          assertThat(name).as(where).matches("from|to|[a-z]+From|[a-z]+To");
        }
      }
    }
  }

  @Test
  void givesListsPageByPage() {
    for (Operation operation : api) {
      JsonObject properties = answerOf(operation).getJsonObject("properties", new JsonObject());
      boolean list = operation.id().startsWith("list");
      assertThat(properties.containsKey("items") || !list).as(operation.id()).isTrue();
      boolean paged = list && !WHOLE_LISTS.contains(operation.id());
      for (String parameter : List.of("cursor", "limit")) {
        assertThat(takes(operation, parameter)).as(operation.id()).isEqualTo(paged);
      }
      assertThat(properties.containsKey("nextCursor")).as(operation.id()).isEqualTo(paged);
      if (list) {
        assertThat(answerOf(operation).getJsonArray("required"))
            .as(operation.id())
            .contains("items");
      }
    }
  }

  @Test
  void repeatsEveryPostUnderAKeyAndChangesOnlyTheVersionThatIsMeant() {
    Set<String> versioned = new HashSet<>();
    for (Operation operation : api) {
      String id = operation.id();
      assertThat(takes(operation, "Idempotency-Key"))
          .as(id)
          .isEqualTo(operation.method().equals("POST") && !QUESTIONS.contains(id));
      boolean tagged = tagged(operation);
      if (operation.method().equals("GET")) {
        assertThat(takes(operation, "If-None-Match")).as(id).isEqualTo(tagged);
        assertThat(operation.responses().containsKey("304")).as(id).isEqualTo(tagged);
        if (tagged) {
          versioned.add(operation.path());
        }
      }
    }
    for (Operation operation : api) {
      if (List.of("PATCH", "DELETE").contains(operation.method())) {
        assertThat(takes(operation, "If-Match"))
            .as(operation.id())
            .isEqualTo(versioned.contains(operation.path()));
      }
      if (operation.method().equals("PATCH")) {
        assertThat(operation.content().fieldNames())
            .as(operation.id())
            .containsExactly("application/merge-patch+json");
        assertThat(operation.document().containsKey("x-merged-schema")).as(operation.id()).isTrue();
      }
    }
  }

  @Test
  void namesEveryRefusalThatCanCome() {
    for (Operation operation : api) {
      JsonObject responses = operation.responses();
      Map<String, Boolean> expected = new HashMap<>();
      List.of("400", "401", "403", "429", "503").forEach(status -> expected.put(status, true));
      expected.put("404", operation.path().contains("{"));
      expected.put("412", takes(operation, "If-Match"));
      expected.put("413", !operation.content().isEmpty());
      expected.put("415", !operation.content().isEmpty());
      expected.put("422", takes(operation, "Idempotency-Key"));
      expected.put("409", !operation.method().equals("GET") && isOfATenant(operation));
      expected.forEach((status, needed) -> {
        if (needed) {
          assertThat(responses.fieldNames()).as(operation.id()).contains(status);
        }
      });
      for (String status : responses.fieldNames()) {
        JsonObject content =
            responses.getJsonObject(status).getJsonObject("content", new JsonObject());
        if (status.compareTo("400") >= 0) {
          assertThat(content.fieldNames())
              .as(operation.id() + " " + status)
              .containsExactly("application/problem+json");
        }
      }
    }
  }

  private static boolean isOfATenant(Operation operation) {
    return operation.path().startsWith("/v1/tenants/{tenant}")
        && !NEVER_READ_ONLY.contains(operation.id());
  }

  @Test
  void saysWhereWhatWasMadeIs() {
    for (Operation operation : api) {
      JsonObject created = operation.responses().getJsonObject("201");
      if (created != null) {
        assertThat(created.getJsonObject("headers").fieldNames())
            .as(operation.id())
            .contains("Location");
      }
    }
  }

  @Test
  void exportsWhatIsNoJson() {
    for (Operation operation : api) {
      JsonObject ok = operation.responses().getJsonObject("200", new JsonObject());
      boolean json =
          ok.getJsonObject("content", new JsonObject()).fieldNames().stream()
              .allMatch(type -> type.equals("application/json"));
      assertThat(operation.path().endsWith("/export")).as(operation.id()).isEqualTo(!json);
      assertThat(operation.id().startsWith("export")).as(operation.id()).isEqualTo(!json);
    }
  }

  @Test
  void showsExamplesAndAllOfThemAreValid() {
    List<String> wrong = new ArrayList<>();
    for (Operation operation : document.everything()) {
      contents(operation)
          .forEach((where, content) -> {
            JsonObject schema = content.getJsonObject("schema");
            List<Object> examples = examplesOf(content);
            boolean problem = where.endsWith("problem+json");
            boolean page =
                where.endsWith("html") || where.endsWith("javascript") || where.endsWith("yaml");
            if (examples.isEmpty() && !problem && !page) {
              wrong.add(where + " has no example");
            }
            for (Object example : examples) {
              document.faultsOf(schema, example).forEach(fault -> wrong.add(where + ": " + fault));
            }
          });
    }
    assertThat(wrong).isEmpty();
  }

  private static List<Object> examplesOf(JsonObject content) {
    List<Object> examples = new ArrayList<>();
    if (content.containsKey("example")) {
      examples.add(content.getValue("example"));
    }
    content
        .getJsonObject("examples", new JsonObject())
        .forEach(example -> examples.add(((JsonObject) example.getValue()).getValue("value")));
    return examples;
  }

  private static Map<String, JsonObject> contents(Operation operation) {
    Map<String, JsonObject> contents = new HashMap<>();
    operation
        .content()
        .forEach(type ->
            contents.put(operation.id() + " takes " + type.getKey(), (JsonObject) type.getValue()));
    for (String status : operation.responses().fieldNames()) {
      operation
          .responses()
          .getJsonObject(status)
          .getJsonObject("content", new JsonObject())
          .forEach(type ->
              contents.put(
                  operation.id() + " answers " + status + " " + type.getKey(),
                  (JsonObject) type.getValue()));
    }
    return contents;
  }

  @Test
  void usesEveryComponentAndSaysNothingBesideAReference() {
    Set<String> used = new HashSet<>();
    List<JsonObject> references = new ArrayList<>();
    collect(document.root(), references);
    for (JsonObject reference : references) {
      used.add(reference.getString("$ref"));
      // The rules of the schema are those of what it refers to: others would be passed over.
      assertThat(Set.of("$ref", "description")).containsAll(reference.fieldNames());
    }
    JsonObject components = document.root().getJsonObject("components").copy();
    components.remove("securitySchemes");
    List<String> unused = new ArrayList<>();
    components.forEach(kind ->
        ((JsonObject) kind.getValue())
            .fieldNames().stream()
                .map(name -> "#/components/" + kind.getKey() + "/" + name)
                .filter(Predicate.not(used::contains))
                .forEach(unused::add));
    assertThat(unused).isEmpty();
  }

  private static void collect(Object node, List<JsonObject> references) {
    if (node instanceof JsonObject object) {
      if (object.getValue("$ref") instanceof String) {
        references.add(object);
      }
      object.forEach(member -> collect(member.getValue(), references));
    } else if (node instanceof JsonArray array) {
      array.forEach(item -> collect(item, references));
    }
  }

  /** The schema of the answer, if that is JSON. */
  private static JsonObject answerOf(Operation operation) {
    return operation
        .responses()
        .getJsonObject("200", new JsonObject())
        .getJsonObject("content", new JsonObject())
        .getJsonObject("application/json", new JsonObject())
        .getJsonObject("schema", new JsonObject());
  }

  private static boolean tagged(Operation operation) {
    return operation
        .responses()
        .getJsonObject("200", new JsonObject())
        .getJsonObject("headers", new JsonObject())
        .containsKey("ETag");
  }

  private static boolean takes(Operation operation, String name) {
    return Stream.of("path", "query", "header")
        .flatMap(in -> operation.parameters(in).stream())
        .anyMatch(parameter -> parameter.getString("name").equals(name));
  }
}

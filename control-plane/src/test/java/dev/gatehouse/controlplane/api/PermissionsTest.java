package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All operations of the document, by all kinds of callers, at their own tenant, another one and one
 * that does not exist: exactly what {@code x-permission} and the roles' definitions allow is
 * allowed. Every request carries a query parameter that no operation knows, so that one that is let
 * in does nothing: it is refused as malformed, and only then.
 */
@Timeout(300)
class PermissionsTest {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final String PUBLIC = "public";
  private static final String UNKNOWN = "00000000-0000-7000-8000-000000000000";
  private static final ApiClient PLATFORM = RunningControlPlane.operator();

  private static List<Operation> operations = List.of();
  private static Map<String, Who> callers = Map.of();
  private static String own = "";
  private static String other = "";

  /**
   * @param permission empty where every caller with a token may, {@code public} where everybody may
   */
  private record Operation(String method, String path, String permission) {
    boolean ofTenant() {
      return path.startsWith("/v1/tenants/{tenant}");
    }

    String at(String tenant) {
      return path.replace("{tenant}", tenant).replaceAll("\\{\\w+}", "0000000000000000");
    }
  }

  /**
   * @param valid whether the token opens anything
   * @param everywhere what the caller may do on the platform
   * @param atOwn what it may do by its membership; a dash if there is none
   */
  private record Who(
      ApiClient api,
      boolean valid,
      boolean onPlatform,
      Set<String> everywhere,
      Collection<String> atOwn) {}

  @BeforeAll
  static void prepare() throws Exception {
    operations = readOperations();
    own = PLATFORM.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    other = PLATFORM.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    Person.memberOf(other, "owner");
    Map<String, Who> all = new LinkedHashMap<>();
    for (String role : List.of("admin", "operator", "support", "auditor")) {
      all.put("token of " + role, ofPlatform(tokenOf(role, new JsonArray())));
      all.put("user with " + role, ofPlatform(Person.withPlatformRole(role).api()));
    }
    all.put("narrow token", ofPlatform(tokenOf("admin", JsonArray.of("domains:read"))));
    createRole("narrow", "domains:write", "members:read");
    createRole("nothing");
    for (String role : List.of("owner", "admin", "member", "auditor", "narrow", "nothing")) {
      all.put("member as " + role, member(Person.memberOf(own, role).api(), role, Set.of()));
    }
    all.put(
        "owner with a narrow token",
        member(
            Person.memberOf(own, "owner").withToken(scopes("settings:write", "roles:read")),
            "owner",
            Set.of("settings:write", "roles:read")));
    all.put("stranger", new Who(Person.create().api(), true, false, Set.of(), Set.of("-")));
    all.put("nobody", stranger(""));
    all.put("expired token", stranger(expiredToken()));
    all.put("revoked token", stranger(revokedToken()));
    all.put("token of a gateway", stranger(RunningControlPlane.gatewayToken()));
    callers = all;
  }

  @Test
  void allowsExactlyWhatTheDocumentAndTheRolesAllow() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Stream<String>>> checks = new ArrayList<>();
      callers.forEach((name, who) ->
          operations.forEach(
              operation -> checks.add(threads.submit(() -> check(name, who, operation)))));
      for (Future<Stream<String>> check : checks) {
        check.get().forEach(wrong::add);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(operations).hasSizeGreaterThan(50);
    assertThat(operations)
        .filteredOn(operation -> operation.permission().equals(PUBLIC))
        .extracting(Operation::path)
        .containsExactly("/v1/audit/keys");
  }

  private static Stream<String> check(String name, Who who, Operation operation) {
    return tenantsFor(who, operation).stream()
        .map(tenant -> {
          String expected = expected(who, operation, tenant.equals(own));
          Reply reply = send(who.api(), operation, operation.at(tenant) + "?probe=1");
          String found = outcome(reply);
          return found.equals(expected)
              ? ""
              : "%s, %s %s at %s: expected %s, found %s"
                  .formatted(name, operation.method(), operation.path(), tenant, expected, reply);
        })
        .filter(text -> !text.isEmpty());
  }

  /** Only to members it matters which tenant is another's and which is none. */
  private static List<String> tenantsFor(Who who, Operation operation) {
    if (!operation.ofTenant() || !who.valid()) {
      return List.of(own);
    }
    return who.onPlatform() ? List.of(own, other) : List.of(own, other, UNKNOWN);
  }

  private static String expected(Who who, Operation operation, boolean atOwn) {
    if (operation.permission().equals(PUBLIC)) {
      return "allowed";
    }
    if (!who.valid()) {
      return "unauthenticated";
    }
    if (operation.permission().isEmpty()) {
      return "allowed";
    }
    Set<String> may = new TreeSet<>(who.everywhere());
    if (operation.ofTenant()) {
      boolean member = atOwn && !who.atOwn().contains("-");
      if (!member && !who.onPlatform()) {
        return "tenant-not-found";
      }
      if (member) {
        may.addAll(who.atOwn());
      }
    }
    return may.contains(operation.permission()) ? "allowed" : "forbidden";
  }

  /** A request that was let in meets the parameter that nobody knows. */
  private static String outcome(Reply reply) {
    boolean allowed =
        reply.status() == 400
            && reply.problem().equals("invalid-parameter")
            && reply.text().contains("probe");
    return allowed ? "allowed" : reply.problem();
  }

  @Test
  void tellsAForeignTenantFromAnUnknownOneToNobody() {
    for (String name : List.of("stranger", "member as owner", "owner with a narrow token")) {
      ApiClient api = caller(name).api();
      for (Operation operation : operations) {
        if (operation.ofTenant()) {
          Reply foreign = send(api, operation, operation.at(other));
          Reply unknown = send(api, operation, operation.at(UNKNOWN));
          assertThat(told(foreign, other))
              .as(operation.toString())
              .isEqualTo(told(unknown, UNKNOWN));
          assertThat(foreign.status()).isEqualTo(404);
        }
      }
    }
  }

  /** All that the caller sees, but for what differs from request to request. */
  private static Map<String, Object> told(Reply reply, String tenant) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("status", reply.status());
    reply
        .http()
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!Set.of("x-request-id", "ratelimit").contains(name)) {
            told.put(name, values);
          }
        });
    JsonObject body = reply.json();
    body.remove("requestId");
    told.put("body", body.encode().replace(tenant, "…"));
    return told;
  }

  @Test
  void namesThePermissionThatIsMissing() {
    Reply refused =
        caller("member as member").api().post("/v1/tenants/" + own + "/domains", new JsonObject());
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().getString("detail")).contains("domains:write");
    assertThat(refused.header("WWW-Authenticate"))
        .contains("error=\"insufficient_scope\"", "scope=\"domains:write\"");
  }

  @Test
  void definesTheRolesThatEveryTenantHas() {
    Set<String> all = permissionsOfRole("owner");
    assertThat(permissionsOfRole("admin")).isEqualTo(without(all, "owners:write"));
    assertThat(permissionsOfRole("auditor"))
        .isEqualTo(all.stream().filter(p -> p.endsWith(":read")).collect(Collectors.toSet()));
    assertThat(permissionsOfRole("member"))
        .containsExactlyInAnyOrder("tenants:read", "domains:read", "members:read", "roles:read");
    assertThat(all)
        .contains("owners:write", "audit:read", "settings:write", "api-keys:write")
        .doesNotContain("tenants:write", "users:read", "tokens:read", "services:write");
  }

  @Test
  void definesTheRolesOfThePlatform() {
    Set<String> all = caller("token of admin").everywhere();
    assertThat(all).containsAll(permissionsInTheDocument());
    assertThat(caller("token of auditor").everywhere())
        .isEqualTo(all.stream().filter(p -> p.endsWith(":read")).collect(Collectors.toSet()));
    assertThat(without(caller("token of support").everywhere(), "requests:explain"))
        .isEqualTo(without(caller("token of auditor").everywhere(), "audit:read"));
    assertThat(caller("token of support").everywhere()).contains("requests:explain");
    assertThat(caller("token of operator").everywhere())
        .containsAll(permissionsOfRole("owner"))
        .contains("tenants:write", "services:write", "routes:write", "users:write")
        .doesNotContain("tokens:read", "tokens:write", "signing-keys:write");
  }

  private static Who caller(String name) {
    return Objects.requireNonNull(callers.get(name), name);
  }

  private static Set<String> permissionsInTheDocument() {
    return operations.stream()
        .map(Operation::permission)
        .filter(text -> text.contains(":"))
        .collect(Collectors.toSet());
  }

  private static Set<String> without(Set<String> all, String one) {
    return all.stream().filter(p -> !p.equals(one)).collect(Collectors.toSet());
  }

  private static Reply send(ApiClient api, Operation operation, String path) {
    return api.send(operation.method().toUpperCase(java.util.Locale.ROOT), path, "");
  }

  private static List<Operation> readOperations() throws Exception {
    JsonNode document = new YAMLMapper().readTree(PLATFORM.get("/openapi.yaml").text());
    List<Operation> found = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            METHODS.stream()
                .filter(method -> path.getValue().has(method))
                .filter(_ -> path.getKey().startsWith("/v1/"))
                .forEach(method -> {
                  JsonNode operation = path.getValue().get(method);
                  boolean open = operation.path("security").isArray();
                  String permission = open ? PUBLIC : operation.path("x-permission").asText();
                  assertThat(permission).as(path.getKey()).isNotEmpty();
                  found.add(
                      new Operation(
                          method,
                          path.getKey(),
                          permission.equals("authenticated") ? "" : permission));
                }));
    return found;
  }

  private static Who ofPlatform(ApiClient api) {
    JsonObject me = api.get("/v1/me").json();
    return new Who(api, true, true, names(me.getJsonArray("permissions")), Set.of("-"));
  }

  private static Who member(ApiClient api, String role, Set<String> scopes) {
    Set<String> may = new TreeSet<>(permissionsOfRole(role));
    if (!scopes.isEmpty()) {
      may.retainAll(scopes);
    }
    return new Who(api, true, false, Set.of(), may);
  }

  private static Who stranger(String token) {
    return new Who(RunningControlPlane.withToken(token), false, false, Set.of(), Set.of("-"));
  }

  private static Set<String> permissionsOfRole(String role) {
    return names(
        PLATFORM.get("/v1/tenants/" + own + "/roles/" + role).json().getJsonArray("permissions"));
  }

  private static Set<String> names(JsonArray array) {
    return array.stream().map(String.class::cast).collect(Collectors.toSet());
  }

  private static void createRole(String name, String... permissions) {
    JsonObject role =
        new JsonObject().put("name", name).put("permissions", new JsonArray(List.of(permissions)));
    assertThat(PLATFORM.post("/v1/tenants/" + own + "/roles", role).status()).isEqualTo(201);
  }

  private static JsonObject scopes(String... names) {
    return new JsonObject().put("scopes", new JsonArray(List.of(names)));
  }

  private static ApiClient tokenOf(String role, JsonArray scopes) {
    return RunningControlPlane.withToken(issue(role, scopes).getString("secret"));
  }

  private static JsonObject issue(String role, JsonArray scopes) {
    JsonObject token =
        new JsonObject().put("kind", "operator").put("name", "walk").put("role", role);
    if (!scopes.isEmpty()) {
      token.put("scopes", scopes);
    }
    Reply made = PLATFORM.post("/v1/tokens", token);
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    return made.json();
  }

  private static String expiredToken() {
    JsonObject token = issue("admin", new JsonArray());
    RunningControlPlane.sql(
        "UPDATE access_token SET expires_at = now() - interval '1 second' WHERE id = '"
            + token.getString("id")
            + "'");
    return token.getString("secret");
  }

  private static String revokedToken() {
    JsonObject token = issue("admin", new JsonArray());
    assertThat(PLATFORM.delete("/v1/tokens/" + token.getString("id")).status()).isEqualTo(204);
    return token.getString("secret");
  }
}

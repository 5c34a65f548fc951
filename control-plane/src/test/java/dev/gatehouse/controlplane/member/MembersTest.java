package dev.gatehouse.controlplane.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MembersTest {
  private final ApiClient platform = RunningControlPlane.operator();
  private final String tenant = platform.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String members = tenant + "/members";

  @Test
  void showsTheMembersWithTheirRoles() {
    Person owner = Person.memberOf(tenant, "owner");
    Person member = Person.memberOf(tenant, "member");

    Reply all = member.api().get(members);
    Reply owners = member.api().get(members + "?role=owner");

    assertThat(emails(all)).containsExactlyInAnyOrder(owner.email(), member.email());
    assertThat(emails(owners)).containsExactly(owner.email());
    assertThat(member.api().get(members + "/" + owner.id()).json().getString("role"))
        .isEqualTo("owner");
  }

  @Test
  void keepsTheLastOwner() {
    Person owner = Person.memberOf(tenant, "owner");
    String membership = members + "/" + owner.id();

    List<Reply> refusals =
        List.of(
            owner.api().delete("/v1/me/memberships/" + idOf(tenant)),
            owner.api().delete(membership),
            platform.delete(membership),
            platform.patch(membership, role("admin")),
            platform.delete("/v1/users/" + owner.id()));

    assertThat(refusals).extracting(Reply::problem).containsOnly("last-owner");
    assertThat(platform.get(membership).json().getString("role")).isEqualTo("owner");
  }

  @Test
  void keepsAnOwnerWhereAllGiveItUpAtOnce() {
    List<Person> owners =
        IntStream.range(0, 8).mapToObj(_ -> Person.memberOf(tenant, "owner")).toList();

    List<Reply> replies =
        Concurrently.call(
            owners.size(),
            i -> {
              Person owner = owners.get(i);
              return switch (i % 4) {
                case 0 -> owner.api().delete("/v1/me/memberships/" + idOf(tenant));
                case 1 -> platform.delete(members + "/" + owner.id());
                case 2 -> platform.patch(members + "/" + owner.id(), role("member"));
                default -> platform.delete("/v1/users/" + owner.id());
              };
            });

    // A deadlock that PostgreSQL has ended is 503, and leaves an owner too.
    assertThat(replies).noneMatch(reply -> reply.status() == 500);
    assertThat(replies).anyMatch(reply -> reply.problem().equals("last-owner"));
    assertThat(emails(platform.get(members + "?role=owner"))).isNotEmpty();
  }

  @Test
  void letsTheLastOwnerGoWithTheTenant() {
    Person owner = Person.memberOf(tenant, "owner");

    assertThat(platform.delete(tenant).status()).isEqualTo(204);

    assertThat(owner.api().get("/v1/me").json().getJsonArray("memberships")).isEmpty();
    assertThat(platform.delete("/v1/users/" + owner.id()).status()).isEqualTo(204);
  }

  @Test
  void letsAdministratorsNotTouchOwners() {
    Person owner = Person.memberOf(tenant, "owner");
    Person second = Person.memberOf(tenant, "owner");
    Person admin = Person.memberOf(tenant, "admin");
    Person member = Person.memberOf(tenant, "member");

    List<Reply> refusals =
        List.of(
            admin.api().patch(members + "/" + owner.id(), role("member")),
            admin.api().delete(members + "/" + second.id()),
            admin.api().patch(members + "/" + admin.id(), role("owner")),
            admin.api().patch(members + "/" + member.id(), role("owner")),
            admin.api().post(tenant + "/invitations", role("owner").put("email", "x@y.example")));

    assertThat(refusals).extracting(Reply::problem).containsOnly("forbidden");
    assertThat(refusals).extracting(Reply::text).allMatch(text -> text.contains("owners:write"));
    Reply promoted = admin.api().patch(members + "/" + member.id(), role("admin"));
    assertThat(promoted.status()).as(promoted.toString()).isEqualTo(200);
  }

  @Test
  void letsNobodyGiveWhatTheyDoNotHave() {
    createRole("recruiter", "members:read", "members:write");
    createRole("networker", "domains:read", "domains:write");
    Person recruiter = Person.memberOf(tenant, "recruiter");
    Person member = Person.memberOf(tenant, "member");

    List<Reply> refusals =
        List.of(
            recruiter.api().patch(members + "/" + recruiter.id(), role("admin")),
            recruiter.api().patch(members + "/" + recruiter.id(), role("networker")),
            recruiter.api().patch(members + "/" + member.id(), role("recruiter")),
            recruiter.api().post(tenant + "/invitations", invitation("networker")));

    assertThat(refusals).extracting(Reply::problem).containsOnly("forbidden");
    assertThat(recruiter.api().post(tenant + "/invitations", invitation("recruiter")).status())
        .isEqualTo(201);
  }

  @Test
  void letsNobodyRaiseTheirOwnRole() {
    createRole("keeper", "roles:read", "roles:write", "domains:read");
    Person keeper = Person.memberOf(tenant, "keeper");
    String role = tenant + "/roles/keeper";

    Reply raised = keeper.api().patch(role, permissions("roles:read", "roles:write", "audit:read"));
    Reply made =
        keeper
            .api()
            .post(tenant + "/roles", permissions("audit:read").put("name", "reader-of-history"));

    assertThat(raised.problem()).isEqualTo("forbidden");
    assertThat(made.problem()).isEqualTo("forbidden");
    assertThat(keeper.api().patch(role, permissions("roles:read", "roles:write")).status())
        .isEqualTo(200);
  }

  @Test
  void refusesPermissionsThatAreThePlatformsOrNone() {
    Person owner = Person.memberOf(tenant, "owner");
    for (String permission : List.of("tenants:write", "tokens:write", "nothing:read")) {
      Reply reply =
          owner.api().post(tenant + "/roles", permissions(permission).put("name", "too-much"));
      assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
      assertThat(reply.pointers()).containsExactly("/permissions/0");
    }
  }

  @Test
  void changesOfARoleHoldAtOnce() {
    createRole("helper", "tenants:read");
    Person helper = Person.memberOf(tenant, "helper");
    assertThat(helper.api().get(tenant + "/domains").status()).isEqualTo(403);

    platform.patch(tenant + "/roles/helper", permissions("tenants:read", "domains:read"));

    assertThat(helper.api().get(tenant + "/domains").status()).isEqualTo(200);
  }

  @Test
  void deletesARoleOnlyWhereNobodyHasIt() {
    createRole("helper", "tenants:read");
    Person helper = Person.memberOf(tenant, "helper");
    assertThat(platform.delete(tenant + "/roles/helper").problem()).isEqualTo("role-in-use");

    platform.patch(members + "/" + helper.id(), role("member"));
    platform.post(tenant + "/invitations", invitation("helper"));
    assertThat(platform.delete(tenant + "/roles/helper").problem()).isEqualTo("role-in-use");

    for (Object open : platform.get(tenant + "/invitations").json().getJsonArray("items")) {
      platform.delete(tenant + "/invitations/" + ((JsonObject) open).getString("id"));
    }
    assertThat(platform.delete(tenant + "/roles/helper").status()).isEqualTo(204);
    assertThat(platform.patch(members + "/" + helper.id(), role("helper")).problem())
        .isEqualTo("unknown-role");
  }

  @Test
  void leavesTheRolesThatEveryTenantHas() {
    for (String name : List.of("owner", "admin", "member", "auditor")) {
      assertThat(platform.delete(tenant + "/roles/" + name).status()).isEqualTo(404);
      assertThat(platform.patch(tenant + "/roles/" + name, permissions()).status()).isEqualTo(404);
      assertThat(platform.post(tenant + "/roles", permissions().put("name", name)).problem())
          .isEqualTo("role-name-taken");
    }
  }

  @Test
  void holdsTheLimitOfUsersAlsoWhereManyComeAtOnce() {
    platform.patch(tenant, new JsonObject().put("limits", new JsonObject().put("users", 3)));
    List<Person> people = IntStream.range(0, 6).mapToObj(_ -> Person.create()).toList();

    List<Reply> replies =
        Concurrently.call(people.size(), i -> people.get(i).join(tenant, "member"));

    assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(3);
    assertThat(replies)
        .filteredOn(reply -> reply.status() != 201)
        .extracting(Reply::problem)
        .containsOnly("user-limit-reached");
    assertThat(platform.post(tenant + "/invitations", invitation("member")).problem())
        .isEqualTo("user-limit-reached");
  }

  @Test
  void refusesAChangeOfWhatSomebodyElseHasChanged() {
    Person member = Person.memberOf(tenant, "member");
    String path = members + "/" + member.id();
    String tag = platform.get(path).header("ETag");

    assertThat(platform.patch(path, role("auditor"), "If-Match", tag).status()).isEqualTo(200);
    assertThat(platform.patch(path, role("admin"), "If-Match", tag).status()).isEqualTo(412);
    assertThat(platform.delete(path, "If-Match", tag).status()).isEqualTo(412);
  }

  @Test
  void refusesFieldsThatAreNotTheCallersToSet() {
    Person owner = Person.memberOf(tenant, "owner");
    String path = members + "/" + owner.id();
    for (String field : List.of("permissions", "user", "email", "version", "tenant")) {
      assertThat(platform.patch(path, new JsonObject().put(field, "x")).pointers())
          .containsExactly("/" + field);
      assertThat(
              owner
                  .api()
                  .post(tenant + "/invitations", invitation("member").put(field, "x"))
                  .status())
          .isEqualTo(400);
    }
    assertThat(platform.patch(path, new JsonObject().putNull("role")).pointers())
        .containsExactly("/role");
  }

  @Test
  void letsATenantChangeWhatItDecidesOfItselfOnly() {
    Person admin = Person.memberOf(tenant, "admin");
    Reply renamed =
        admin
            .api()
            .patch(
                tenant,
                new JsonObject("{\"name\": \"New\", \"settings\": {\"locale\": \"de-CH\"}}"));
    assertThat(renamed.status()).as(renamed.toString()).isEqualTo(200);

    for (String patch :
        List.of(
            "{\"limits\": {\"requestsPerSecond\": 1000000}}",
            "{\"slug\": \"another-one\"}",
            "{\"features\": {\"authentication\": {\"sso\": true}}}",
            "{\"billing\": {\"plan\": \"enterprise\"}}",
            "{\"config\": {\"database\": {\"connection\": \"other\"}}}",
            "{\"config\": {\"services\": {}}}")) {
      Reply refused = admin.api().patch(tenant, new JsonObject(patch));
      assertThat(refused.problem()).as(patch).isEqualTo("forbidden");
      assertThat(refused.pointers()).hasSize(1);
    }
  }

  @Test
  void findsNothingOfAnotherTenantsUnderItsOwnPath() {
    String other = platform.post("/v1/tenants", Fresh.tenant()).header("Location");
    Person stranger = Person.memberOf(other, "member");
    Person owner = Person.memberOf(tenant, "owner");
    String invitation =
        platform.post(other + "/invitations", invitation("member")).json().getString("id");
    platform.post(other + "/roles", permissions("tenants:read").put("name", "theirs"));

    for (String path :
        List.of("/members/" + stranger.id(), "/invitations/" + invitation, "/roles/theirs")) {
      String unknown =
          path.replace(stranger.id(), "00000000-0000-0000-0000-000000000000")
              .replace(invitation, "0000000000000000")
              .replace("theirs", "nobodys");
      Reply foreign = owner.api().get(tenant + path);
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.problem()).isEqualTo(owner.api().get(tenant + unknown).problem());
      assertThat(owner.api().delete(tenant + path).status()).isEqualTo(404);
    }
    assertThat(platform.get(other + "/invitations/" + invitation).status()).isEqualTo(200);
    assertThat(platform.get(other + "/members/" + stranger.id()).status()).isEqualTo(200);
  }

  private void createRole(String name, String... permissions) {
    Reply created = platform.post(tenant + "/roles", permissions(permissions).put("name", name));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
  }

  private static JsonObject invitation(String role) {
    return role(role).put("email", Person.identity().getString("email"));
  }

  private static JsonObject role(String name) {
    return new JsonObject().put("role", name);
  }

  private static JsonObject permissions(String... names) {
    return new JsonObject().put("permissions", new JsonArray(List.of(names)));
  }

  private static String idOf(String path) {
    return path.replace("/v1/tenants/", "");
  }

  private static List<String> emails(Reply page) {
    return page.json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .map(item -> item.getString("email"))
        .toList();
  }
}

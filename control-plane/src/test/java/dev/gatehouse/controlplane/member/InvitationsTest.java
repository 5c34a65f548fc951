package dev.gatehouse.controlplane.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InvitationsTest {
  private final ApiClient platform = RunningControlPlane.operator();
  private final String tenant = platform.post("/v1/tenants", Fresh.tenant()).header("Location");
  private final String invitations = tenant + "/invitations";

  @Test
  void makesTheUserAMemberWhoHasTheAddress() {
    Person invited = Person.create();
    Reply sent = invite(invited.email().toUpperCase(java.util.Locale.ROOT), "admin");
    assertThat(platform.get(sent.header("Location")).json().containsKey("token")).isFalse();

    Reply accepted = accept(invited, sent);

    assertThat(accepted.status()).as(accepted.toString()).isEqualTo(201);
    assertThat(platform.get(accepted.header("Location")).json().getString("role"))
        .isEqualTo("admin");
    JsonObject membership =
        invited.api().get("/v1/me").json().getJsonArray("memberships").getJsonObject(0);
    assertThat("/v1/tenants/" + membership.getString("tenant")).isEqualTo(tenant);
    assertThat(membership.getJsonArray("permissions")).contains("members:write");
    assertThat(platform.get(invitations).json().getJsonArray("items")).isEmpty();
  }

  @Test
  void bindsTheIdentityThatThePlatformVouchesFor() {
    JsonObject identity = Person.identity();
    Reply sent = invite(identity.getString("email"), "owner");
    JsonObject acceptance =
        new JsonObject().put("token", sent.json().getString("token")).put("identity", identity);

    Reply accepted = platform.post("/v1/invitations/accept", acceptance);

    assertThat(accepted.status()).as(accepted.toString()).isEqualTo(201);
    JsonObject user = platform.get("/v1/users/" + accepted.json().getString("user")).json();
    assertThat(user.getString("subject")).isEqualTo(identity.getString("subject"));
  }

  @Test
  void opensTheTenantToOneOfThoseWhoHaveTheAddress() {
    String email = Person.identity().getString("email");
    String token = invite(email, "member").json().getString("token");

    List<Reply> replies =
        Concurrently.call(
            5,
            _ -> {
              JsonObject identity = Person.identity().put("email", email);
              JsonObject acceptance =
                  new JsonObject().put("token", token).put("identity", identity);
              return platform.post("/v1/invitations/accept", acceptance);
            });

    assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
    assertThat(replies)
        .filteredOn(reply -> reply.status() != 201)
        .extracting(Reply::problem)
        .containsOnly("invitation-not-found");
  }

  @Test
  void isNothingToSomebodyElseOrWhenItIsOver() {
    Person invited = Person.create();
    Reply sent = invite(invited.email(), "member");
    Reply expired = inviteInto(freshTenant(), invited.email());
    RunningControlPlane.sql(
        "UPDATE invitation SET expires_at = now() - interval '1 second' WHERE id = '"
            + expired.json().getString("id")
            + "'");
    Reply revoked = inviteInto(freshTenant(), invited.email());
    platform.delete(revoked.header("Location"));
    String madeUp = SecretToken.generate(SecretToken.Kind.INVITATION).reveal();

    List<Reply> refusals =
        List.of(
            accept(Person.create(), sent),
            accept(invited, expired),
            accept(invited, revoked),
            accept(invited, madeUp),
            accept(invited, "x"),
            accept(invited, sent.json().getString("token").replaceFirst(".$", "!")));

    assertThat(refusals).extracting(Reply::status).containsOnly(404);
    assertThat(refusals)
        .extracting(reply -> reply.json().getString("detail"))
        .containsOnly(refusals.getFirst().json().getString("detail"));
    assertThat(accept(invited, sent).status()).isEqualTo(201);
  }

  @Test
  void goesWithTheMemberWhoHasSentIt() {
    Person owner = Person.memberOf(tenant, "owner");
    Person admin = Person.memberOf(tenant, "admin");
    Person invited = Person.create();
    JsonObject invitation = new JsonObject().put("email", invited.email()).put("role", "admin");
    Reply sent = admin.api().post(invitations, invitation);
    assertThat(sent.json().getString("invitedBy")).isEqualTo(admin.id());

    owner.api().delete(tenant + "/members/" + admin.id());

    assertThat(accept(invited, sent).status()).isEqualTo(404);
  }

  @Test
  void expiresInAWeekAndWithinAMonth() {
    Reply sent = invite("a@b.example", "member");
    Instant expiry = Instant.parse(sent.json().getString("expiresAt"));
    Instant made = Instant.parse(sent.json().getString("createdAt"));
    assertThat(Duration.between(made, expiry)).isBetween(Duration.ofDays(6), Duration.ofDays(8));

    for (Duration wrong : List.of(Duration.ofDays(31), Duration.ofHours(-1))) {
      JsonObject wanted =
          new JsonObject()
              .put("email", "c@d.example")
              .put("role", "member")
              .put("expiresAt", Instant.now().plus(wrong).toString());
      assertThat(platform.post(invitations, wanted).pointers()).containsExactly("/expiresAt");
    }
  }

  @Test
  void isSentToAnAddressOnce() {
    invite("a@b.example", "member");
    JsonObject again = new JsonObject().put("email", "A@B.example").put("role", "member");
    assertThat(platform.post(invitations, again).problem()).isEqualTo("already-invited");
  }

  @Test
  void takesASeat() {
    platform.patch(tenant, new JsonObject().put("limits", new JsonObject().put("users", 1)));
    Person invited = Person.create();
    Reply sent = invite(invited.email(), "member");

    assertThat(Person.create().join(tenant, "member").problem()).isEqualTo("user-limit-reached");
    assertThat(accept(invited, sent).status()).isEqualTo(201);
  }

  @Test
  void isNotAcceptedByAnOperatorOrATokenWithScopes() {
    Person invited = Person.create();
    String token = invite(invited.email(), "member").json().getString("token");
    JsonObject acceptance = new JsonObject().put("token", token);
    ApiClient narrow = invited.withToken(new JsonObject("{\"scopes\": [\"tenants:read\"]}"));

    assertThat(platform.post("/v1/me/invitations/accept", acceptance).status()).isEqualTo(403);
    assertThat(narrow.post("/v1/me/invitations/accept", acceptance).status()).isEqualTo(403);
  }

  private Reply invite(String email, String role) {
    Reply sent = platform.post(invitations, new JsonObject().put("email", email).put("role", role));
    assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
    return sent;
  }

  private String freshTenant() {
    return platform.post("/v1/tenants", Fresh.tenant()).header("Location");
  }

  private Reply inviteInto(String other, String email) {
    JsonObject invitation = new JsonObject().put("email", email).put("role", "member");
    return platform.post(other + "/invitations", invitation);
  }

  private static Reply accept(Person person, Reply sent) {
    return accept(person, sent.json().getString("token"));
  }

  private static Reply accept(Person person, String token) {
    return person.api().post("/v1/me/invitations/accept", new JsonObject().put("token", token));
  }
}

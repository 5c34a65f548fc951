package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig.DatabaseConfig;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Databases whose users are no superusers. */
@Timeout(120)
class RolesTest {
  private final String superuser = TestBackends.freshDatabaseUrl();
  private final AuditDatabase database = new AuditDatabase(superuser);

  @Test
  void anOwnerThatMayMakeRolesNeedsNothingElse() throws SQLException {
    String owner = role("CREATEROLE");
    String url = owning(owner);
    for (int start = 0; start < 2; start++) {
      try (ControlPlane controlPlane = OneControlPlane.start(url)) {
        if (start == 0) {
          assertThat(
                  OneControlPlane.operator(controlPlane)
                      .post("/v1/tenants", Fresh.tenant())
                      .status())
              .isEqualTo(201);
        }
      }
    }
  }

  @Test
  void twoUsersNeedNeitherToMakeRoles() throws SQLException {
    String owner = role("NOCREATEROLE");
    String application = role("NOCREATEROLE");
    DatabaseConfig config = new DatabaseConfig(urlOf(application), Optional.of(owning(owner)), 10);
    try (ControlPlane controlPlane = OneControlPlane.start(config)) {
      assertThat(
              OneControlPlane.operator(controlPlane).post("/v1/tenants", Fresh.tenant()).status())
          .isEqualTo(201);
      assertThatThrownBy(() -> database.as(application, "secret", "DELETE FROM audit.entry"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void saysWhatIsMissingWhereTheOwnerMayNotMakeRoles() throws SQLException {
    String owner = role("NOCREATEROLE");
    String url = owning(owner);
    assertThatThrownBy(() -> OneControlPlane.start(url))
        .cause()
        .hasMessageContaining("_app, which serves requests")
        .hasMessageContaining("CREATEROLE")
        .hasMessageContaining("database.ownerUrl");
  }

  /** Roles belong to the whole server: each test has its own. */
  private String role(String attributes) throws SQLException {
    String name = "r_" + UUID.randomUUID().toString().replace("-", "");
    database.asOwner("CREATE ROLE " + name + " LOGIN PASSWORD 'secret' " + attributes);
    return name;
  }

  private String owning(String role) throws SQLException {
    String name = DatabaseUrl.parse(superuser).database();
    database.asOwner("ALTER DATABASE " + name + " OWNER TO " + role);
    return urlOf(role);
  }

  private String urlOf(String role) {
    DatabaseUrl url = DatabaseUrl.parse(superuser);
    return "postgresql://%s:secret@%s:%d/%s"
        .formatted(role, url.host(), url.port(), url.database());
  }
}

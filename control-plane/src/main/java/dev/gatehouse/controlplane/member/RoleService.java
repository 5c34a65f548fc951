package dev.gatehouse.controlplane.member;

import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Permissions;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a tenant's roles. Nobody puts into a role, or takes out of one, what they may not do
 * themselves. A change holds at once for all who have the role; a role that somebody has, or is
 * invited to, cannot be deleted.
 */
final class RoleService {
  private static final int MAX_PER_TENANT = 50;

  private final RoleStore store = new RoleStore();

  /**
   * What a role of the tenant lets do.
   *
   * @throws ProblemException {@code UNKNOWN_ROLE} if the tenant has none of this name
   */
  Set<Permission> permissionsOf(SqlConnection connection, UUID tenant, String name) {
    return BuiltInRole.of(name)
        .map(BuiltInRole::permissions)
        .or(() -> store.find(connection, tenant, name).map(CustomRole::permissions))
        .orElseThrow(() ->
            new ProblemException(
                Problem.UNKNOWN_ROLE,
                List.of(Fault.at("/role", "is no role of the tenant, found \"" + name + "\""))));
  }

  /**
   * What a role lets do.
   *
   * @param ofCustomRole what is stored where it is a custom one
   */
  static Set<Permission> permissionsOf(String name, String @Nullable [] ofCustomRole) {
    return BuiltInRole.of(name)
        .map(BuiltInRole::permissions)
        .orElseGet(() -> ofCustomRole == null ? Set.of() : Permissions.stored(ofCustomRole));
  }

  List<CustomRole> list(SqlConnection connection, UUID tenant) {
    return store.list(connection, tenant);
  }

  CustomRole find(SqlConnection connection, UUID tenant, String name) {
    return store
        .find(connection, tenant, name)
        .orElseThrow(() ->
            new ProblemException(
                Problem.ROLE_NOT_FOUND, "the tenant has made no role \"" + name + "\""));
  }

  CustomRole create(SqlConnection tx, Caller caller, UUID tenant, JsonObject body) {
    String name = body.getString("name");
    if (BuiltInRole.of(name).isPresent()) {
      throw new ProblemException(
          Problem.ROLE_NAME_TAKEN,
          List.of(Fault.at("/name", "is the name of a role that every tenant has")));
    }
    if (store.list(tx, tenant).size() >= MAX_PER_TENANT) {
      throw new ProblemException(
          Problem.TOO_MANY_ROLES, "a tenant can have at most " + MAX_PER_TENANT + " own roles");
    }
    Set<Permission> permissions = permissionsIn(body);
    caller.requireAll(permissions);
    return store.insert(tx, tenant, name, permissions);
  }

  CustomRole change(
      SqlConnection tx, Caller caller, UUID tenant, CustomRole role, JsonObject wanted) {
    Set<Permission> permissions = permissionsIn(wanted);
    caller.requireAll(role.permissions());
    caller.requireAll(permissions);
    return store.update(tx, tenant, role.name(), permissions);
  }

  void delete(SqlConnection tx, Caller caller, UUID tenant, CustomRole role) {
    caller.requireAll(role.permissions());
    store.delete(tx, tenant, role.name());
  }

  /** Forgets all roles that a tenant has made, which nobody has any more. */
  void removeAll(SqlConnection tx, UUID tenant) {
    store.deleteAll(tx, tenant);
  }

  private static Set<Permission> permissionsIn(JsonObject body) {
    JsonArray names = body.getJsonArray("permissions");
    Set<Permission> permissions = Permissions.read(names, "/permissions");
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!Permission.of(names.getString(i)).filter(Permission::isOfTenants).isPresent()) {
        faults.add(
            Fault.at(
                "/permissions/" + i,
                "is the platform's, found \""
                    + names.getString(i)
                    + "\": a tenant cannot give it"));
      }
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    return permissions;
  }
}

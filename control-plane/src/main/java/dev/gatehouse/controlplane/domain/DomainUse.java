package dev.gatehouse.controlplane.domain;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a tenant wants to use a domain for.
 *
 * @param redirectStatus 301 or 308, of a redirect; 308 if absent
 */
record DomainUse(DomainRole role, OptionalInt redirectStatus) {

  /**
   * @param wanted valid by the API's document
   * @throws ProblemException {@code INVALID_BODY} where values contradict each other
   */
  static DomainUse of(JsonObject wanted, DomainName name) {
    DomainRole role = DomainRole.of(wanted.getString("role", DomainRole.ALIAS.wireName()));
    Integer status = wanted.getInteger("redirectStatus");
    if (name.wildcard() && role != DomainRole.ALIAS) {
      throw invalid("/role", "must be alias for a wildcard, found \"" + role.wireName() + "\"");
    }
    if (status != null && role != DomainRole.REDIRECT) {
      throw invalid("/redirectStatus", "is for the role redirect only");
    }
    return new DomainUse(role, status == null ? OptionalInt.empty() : OptionalInt.of(status));
  }

  private static ProblemException invalid(String pointer, String detail) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, detail)));
  }
}

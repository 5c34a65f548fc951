package dev.gatehouse.controlplane.console;

import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiCall;
import dev.gatehouse.controlplane.api.Outcome;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.RequestOrigin;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of somebody who is signed in. What is read and done goes through the API, with the
 * rights of the session's caller.
 */
final class Visit {
  private final RoutingContext context;
  private final Session session;
  private final Api api;
  private final RequestOrigin origin;
  private final Map<String, Object> me;

  Visit(RoutingContext context, Session session, Api api) {
    this.context = context;
    this.session = session;
    this.api = api;
    this.origin = RequestOrigin.of(context);
    this.me = read("getMe", Map.of());
  }

  RoutingContext context() {
    return context;
  }

  Session session() {
    return session;
  }

  RequestOrigin origin() {
    return origin;
  }

  /** The caller, as {@code GET /v1/me} has it. */
  Map<String, Object> me() {
    return me;
  }

  /** Performs an operation. */
  Outcome call(ApiCall call) {
    return api.call(session.caller(), origin, call);
  }

  /** Writes what an operation answers as a file. */
  void download(String operationId, Map<String, String> path, Map<String, String> query) {
    ApiCall call = ApiCall.read(operationId, path, query);
    api.write(session.caller(), origin, call, context.response());
  }

  /** What an operation answers, with the version under {@code etag} where there is one. */
  Map<String, Object> read(String operationId, Map<String, String> path) {
    return read(operationId, path, Map.of());
  }

  /** The same with parameters in the query. */
  Map<String, Object> read(
      String operationId, Map<String, String> path, Map<String, String> query) {
    Outcome outcome = call(ApiCall.read(operationId, path, query));
    Map<String, Object> document =
        outcome.answer().body().map(Visit::plain).orElseGet(HashMap::new);
    outcome.answer().version().ifPresent(version -> document.put("etag", version));
    return document;
  }

  /** The same; empty where the caller may not read it, or it is not there. */
  Optional<Map<String, Object>> peek(
      String operationId, Map<String, String> path, Map<String, String> query) {
    try {
      return Optional.of(read(operationId, path, query));
    } catch (ProblemException refusal) {
      int status = refusal.problem().status();
      if (status == Problem.FORBIDDEN.status() || status == Problem.NOT_FOUND.status()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  /** What the caller may do on the platform, which shows in what pages offer. */
  Set<String> rights() {
    return strings(me.get("permissions"));
  }

  /** The same within a tenant, known by id and slug. */
  Set<String> rightsIn(Map<String, Object> tenant) {
    Set<String> rights = new HashSet<>(rights());
    memberships().stream()
        .filter(membership -> String.valueOf(membership.get("tenant")).equals(tenant.get("id")))
        .forEach(membership -> rights.addAll(strings(membership.get("permissions"))));
    return rights;
  }

  /** The tenants that the caller is a member of. */
  @SuppressWarnings("unchecked") // the API's own document
  List<Map<String, Object>> memberships() {
    return (List<Map<String, Object>>) me.getOrDefault("memberships", List.of());
  }

  /** A parameter of the page's own address. */
  Optional<String> query(String name) {
    return context.queryParam(name).stream().filter(text -> !text.isBlank()).findFirst();
  }

  /** Parameters of a list, with the place in it that the page's own address names. */
  Map<String, String> paged(Map<String, String> parameters) {
    return paged(parameters, "cursor");
  }

  /**
   * The same on a page with several lists.
   *
   * @param name of the parameter of the page's address
   */
  Map<String, String> paged(Map<String, String> parameters, String name) {
    Map<String, String> all = new HashMap<>(parameters);
    query(name).ifPresent(cursor -> all.put("cursor", cursor));
    return all;
  }

  /** The items of a list that the API has answered with. */
  @SuppressWarnings("unchecked") // the API's own document
  static List<Map<String, Object>> items(Map<String, Object> list) {
    return (List<Map<String, Object>>) list.getOrDefault("items", List.of());
  }

  /** A part of the page's own path. */
  String path(String name) {
    return Objects.requireNonNull(context.pathParam(name), name);
  }

  private static Set<String> strings(@Nullable Object list) {
    Set<String> found = new HashSet<>();
    if (list instanceof List<?> texts) {
      texts.forEach(text -> found.add(String.valueOf(text)));
    }
    return found;
  }

  /** As maps and lists, at every depth. */
  static Map<String, Object> plain(JsonObject document) {
    return new HashMap<>(new JsonObject(document.toBuffer()).getMap());
  }
}

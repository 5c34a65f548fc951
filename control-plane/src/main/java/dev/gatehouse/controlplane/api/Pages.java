package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Lists, page by page: {@code limit} and {@code cursor} in, {@code items} and {@code nextCursor}
 * out.
 */
public final class Pages {
  private static final int DEFAULT_LIMIT = 50;

  private final Cursors cursors;

  /** Pages whose cursors are signed with a key derived from the master key. */
  public Pages(Cursors cursors) {
    this.cursors = cursors;
  }

  /**
   * A page of a list.
   *
   * @param query gives the rows after a key, in the order of their keys, no more than it is asked
   *     for
   * @param keyOf what the rows are ordered by
   */
  public <T> Answer answer(
      ApiRequest request,
      Query<T> query,
      Function<T, String> keyOf,
      Function<T, JsonObject> document) {
    int limit = request.query("limit").map(Integer::parseInt).orElse(DEFAULT_LIMIT);
    String list = identityOf(request);
    Optional<String> after = request.query("cursor").map(c -> cursors.decode(list, c));
    List<T> rows = query.rows(after, limit + 1); // one more tells whether there is a next page
    List<T> page = rows.subList(0, Math.min(limit, rows.size()));
    JsonObject body =
        new JsonObject().put("items", new JsonArray(page.stream().map(document).toList()));
    if (rows.size() > limit) {
      body.put("nextCursor", cursors.encode(list, keyOf.apply(page.getLast())));
    }
    return Answer.ok(body);
  }

  private static String identityOf(ApiRequest request) {
    TreeMap<String, String> filters = new TreeMap<>(request.parameters());
    filters.remove("cursor");
    filters.remove("limit");
    String caller = request.caller().map(Caller::tokenId).orElse("");
    return caller + " " + request.operation().id() + filters;
  }

  /** Where the rows come from. */
  @FunctionalInterface
  public interface Query<T> {
    /** At most {@code count} rows behind the key, or from the beginning. */
    List<T> rows(Optional<String> after, int count);
  }
}

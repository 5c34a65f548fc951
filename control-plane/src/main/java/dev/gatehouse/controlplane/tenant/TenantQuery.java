package dev.gatehouse.controlplane.tenant;

import static dev.gatehouse.controlplane.tenant.TenantSort.bind;

import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The statement that lists tenants. Each of its shapes has an index: none reads the whole table.
 * The page is found first, in an index that holds all that is needed for it; then its rows are
 * read.
 *
 * @param sql with places for all values that come from a caller
 */
record TenantQuery(String sql, Tuple values) {
  /** What has fewer characters has no trigram of its own, and is looked for at the beginnings. */
  private static final int TRIGRAM = 3;

  private static final Pattern SLUG_BEGINS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]?");

  static TenantQuery of(
      String columns, TenantFilter filter, TenantSort sort, Optional<String> after, int count) {
    List<String> conditions = new ArrayList<>();
    Tuple values = Tuple.tuple();
    filter
        .status()
        .ifPresentOrElse(
            status -> conditions.add("status = $" + bind(values, status)),
            () -> conditions.add("status <> 'deleted'"));
    filter.slug().ifPresent(slug -> conditions.add("slug = $" + bind(values, slug)));
    filter.plan().ifPresent(plan -> conditions.add("plan = $" + bind(values, plan)));
    filter
        .health()
        .ifPresent(state ->
            conditions.add(
                "status = 'active' AND id IN (SELECT tenant_id FROM tenant_health WHERE state = $"
                    + bind(values, state)
                    + ")"));
    filter.search().ifPresent(text -> conditions.add(contains(text, values)));
    filter
        .domain()
        .ifPresent(host ->
            conditions.add(
                "id IN (SELECT tenant_id FROM domain WHERE host = $" + bind(values, host) + ")"));
    filter
        .createdFrom()
        .ifPresent(time ->
            conditions.add("created_at >= $" + bind(values, time.atOffset(ZoneOffset.UTC))));
    filter
        .createdTo()
        .ifPresent(
            time -> conditions.add("created_at < $" + bind(values, time.atOffset(ZoneOffset.UTC))));
    after.ifPresent(key -> conditions.add(sort.behind(key, values)));
    String page =
        "SELECT id AS found FROM tenant WHERE "
            + String.join(" AND ", conditions)
            + " ORDER BY "
            + sort.orderBy()
            + " LIMIT $"
            + bind(values, count);
    String sql =
        "SELECT "
            + columns
            + " FROM tenant JOIN ("
            + page
            + ") page ON id = found ORDER BY "
            + sort.orderBy();
    return new TenantQuery(sql, values);
  }

  private static String contains(String text, Tuple values) {
    String escaped = text.replaceAll("([%_\\\\])", "\\\\$1");
    if (text.codePointCount(0, text.length()) < TRIGRAM) {
      String name = "search LIKE lower($" + bind(values, escaped + "%") + ")";
      return SLUG_BEGINS.matcher(text).matches()
          ? "(" + name + " OR search LIKE lower($" + bind(values, "%\n" + escaped + "%") + "))"
          : name;
    }
    return "search LIKE lower($" + bind(values, "%" + escaped + "%") + ")";
  }
}

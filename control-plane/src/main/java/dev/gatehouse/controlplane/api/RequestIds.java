package dev.gatehouse.controlplane.api;

import com.github.f4b6a3.uuid.UuidCreator;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Gives every request an id that stands in its answer, in problem documents and in the log. A
 * caller's own {@code X-Request-Id} is kept where it is short and plain.
 */
public final class RequestIds implements Handler<RoutingContext> {
  private static final String HEADER = "X-Request-Id";
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  @Override
  public void handle(RoutingContext context) {
    context.response().putHeader(HEADER, of(context));
    context.next();
  }

  /** The request's id. */
  static String of(RoutingContext context) {
    String id = context.get(HEADER);
    if (id == null) {
      String given = context.request().getHeader(HEADER);
      id =
          given != null && ACCEPTED.matcher(given).matches()
              ? given
              : UuidCreator.getTimeOrderedEpoch().toString();
      context.put(HEADER, id);
    }
    return id;
  }
}

package dev.gatehouse.sample;

import dev.gatehouse.contract.context.ContextRefusedException;
import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.context.TenantContext;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;

/**
 * Lets a request in when it carries exactly one signed context that verifies, and answers 401 to
 * every other. The first handler of the router: what stands behind it can rely on {@link
 * #contextOf}. Verifying may wait for the keys, hence for virtual threads only.
 */
final class ContextGate implements Handler<RoutingContext> {
  private static final String KEY = ContextGate.class.getName();

  private final ContextVerifier verifier;

  ContextGate(ContextVerifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public void handle(RoutingContext ctx) {
    List<String> tokens = ctx.request().headers().getAll(TenantContext.HEADER);
    try {
      if (tokens.size() != 1) {
        throw new ContextRefusedException(
            "exactly one " + TenantContext.HEADER + " is expected, found " + tokens.size());
      }
      ctx.put(KEY, verifier.verifySigned(tokens.getFirst()));
    } catch (ContextRefusedException e) {
      ctx.response().putHeader("WWW-Authenticate", TenantContext.HEADER);
      Problem.answer(ctx, 401, "context-refused", String.valueOf(e.getMessage()));
      return;
    }
    ctx.next();
  }

  /** The verified context of a request that passed the gate. */
  static TenantContext contextOf(RoutingContext ctx) {
    return requestOf(ctx).context();
  }

  /** The same together with what was signed. */
  static SignedContext requestOf(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.get(KEY), "the gate comes first");
  }
}

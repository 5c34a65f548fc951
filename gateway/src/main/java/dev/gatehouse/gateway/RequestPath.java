package dev.gatehouse.gateway;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.gateway.Exchange.Stage;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.drain.Drain;
import dev.gatehouse.gateway.forward.Forwarder;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.login.Logins;
import dev.gatehouse.gateway.observe.Observer;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.residency.RegionalGateways;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.security.ProbingGuard;
import dev.gatehouse.gateway.security.SecurityEvents;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.tls.HstsConfig;
import dev.gatehouse.gateway.usage.LoopUsage;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request. Each stage takes what the one before it proved, so that the compiler
 * keeps their order: what was not authenticated cannot be signed, and what was not signed cannot be
 * forwarded.
 *
 * @param logins answers what is asked of the gateway itself
 * @param regions the gateways of other regions
 * @param drain knows who is leaving
 * @param probing knows which sources try many hosts or credentials
 * @param security counts what matters to the audit trail
 * @param hsts what responses over TLS tell browsers to keep to; null for nothing
 * @param usage counts every request of a tenant when it has ended
 * @param observer sees every request when it has ended
 */
record RequestPath(
    Stages stages,
    Logins logins,
    RegionalGateways regions,
    Forwarder forwarder,
    Rejections rejections,
    Drain drain,
    ProbingGuard probing,
    SecurityEvents security,
    @Nullable String hsts,
    LoopUsage usage,
    Observer observer) {
  private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);

  /** Takes a request that came from there all its way. */
  void handle(HttpServerRequest request, ClientAddress client) {
    Exchange exchange = observer.newExchange(request, client, this::ended);
    // The response has been written, or the client is gone.
    request.response().endHandler(_ -> exchange.end());
    if (hsts != null && client.scheme().equals("https")) {
      HstsConfig.addTo(request.response(), hsts);
    }
    if (drain.isLeaving()) {
      drain.sendAway(request);
    }
    Sanitized sanitized = null;
    try {
      probing.requireWelcome(client);
      sanitized = stages.admission().admit(exchange); // framing, host, target
      exchange.ended(Stage.ADMIT);
      Resolved resolved = stages.resolver().resolve(sanitized); // whose request is this?
      exchange.ended(Stage.RESOLVE);
      if (drain.isLeaving(resolved.tenant())) {
        drain.sendAway(request);
      }
      if (logins.take(resolved)) {
        logIn(exchange, resolved);
        return;
      }
      switch (stages.authenticator().authenticate(resolved, Evidence.NONE)) { // who calls?
        case Authenticated authenticated -> proceed(exchange, authenticated);
        case Authentication.Awaited awaited -> {
          if (sanitized.mayHaveBody()) {
            exchange.request().pause();
          }
          await(exchange, sanitized, Evidence.NONE, awaited);
        }
      }
    } catch (Rejection.OutsideRegion elsewhere) {
      passOn(exchange, requireNonNull(sanitized), elsewhere);
    } catch (RuntimeException refusal) {
      refuse(exchange, refusal);
    }
  }

  /** A gateway of the tenant's region takes it its whole way, where one is to be asked. */
  private void passOn(Exchange exchange, Sanitized sanitized, Rejection.OutsideRegion elsewhere) {
    try {
      Signed unsigned = regions.passOn(exchange, sanitized, elsewhere);
      exchange.ended(Stage.RESOLVE);
      forwarder.forward(unsigned);
    } catch (RuntimeException refusal) {
      refuse(exchange, refusal);
    }
  }

  /** Whoever is about to prove who it is has proved nothing yet. */
  private void logIn(Exchange exchange, Resolved resolved) {
    Authenticated nobody = new Authenticated(resolved, resolved.tenant().anonymousByRoute());
    exchange.admitted(stages.limits().admit(nobody).slots());
    exchange.ended(Stage.LIMIT);
    logins.handle(exchange, resolved, rejections);
  }

  private void proceed(Exchange exchange, Authenticated authenticated) {
    exchange.ended(Stage.AUTHENTICATE);
    exchange.principal(authenticated.principal());
    Admitted admitted = stages.limits().admit(authenticated); // is it within the tenant's share?
    exchange.admitted(admitted.slots());
    exchange.ended(Stage.LIMIT);
    Routed routed = stages.router().route(admitted); // where does it go?
    exchange.routed(routed);
    Signed signed = stages.signing().sign(exchange, routed); // the gateway's word for all of it
    exchange.ended(Stage.SIGN);
    forwarder.forward(signed);
  }

  /** Nothing of its body is read while a request waits; its client may go meanwhile. */
  private void await(
      Exchange exchange, Sanitized sanitized, Evidence evidence, Authentication.Awaited awaited) {
    Context loop = requireNonNull(Vertx.currentContext());
    awaited
        .ready()
        .otherwise(Optional.empty())
        .onSuccess(finding ->
            loop.runOnContext(_ -> {
              if (finding.filter(Evidence.Finding::isOfNobody).isPresent()) {
                probing.foundNothing(exchange);
              }
              again(exchange, sanitized, evidence.with(finding), awaited);
            }));
  }

  /** From the tenant on: it may have been suspended, or trust others, since. */
  private void again(
      Exchange exchange, Sanitized sanitized, Evidence evidence, Authentication.Awaited awaited) {
    if (exchange.request().response().closed()) {
      return;
    }
    try {
      Resolved resolved = stages.resolver().resolve(sanitized);
      switch (stages.authenticator().authenticate(resolved, evidence)) {
        case Authenticated authenticated -> proceed(exchange, authenticated);
        case Authentication.Awaited more when evidence.mayWait() ->
            await(exchange, sanitized, evidence, more);
        case Authentication.Awaited _ -> throw awaited.otherwise();
      }
    } catch (RuntimeException refusal) {
      if (sanitized.mayHaveBody()) {
        // Bytes that nobody reads would make the close a reset, which may overtake the answer.
        exchange.request().handler(_ -> {}).resume();
      }
      refuse(exchange, refusal);
    }
  }

  private void refuse(Exchange exchange, RuntimeException refusal) {
    if (refusal instanceof Rejection rejection) {
      security.refused(exchange, rejection);
      probing.refused(exchange, rejection, () -> rejections.answer(exchange, rejection));
    } else {
      LOG.error(
          "a fault of the gateway's own, request {}", exchange.traceParent().traceId(), refusal);
      rejections.answer(exchange, Rejection.Internal.INSTANCE);
    }
  }

  private void ended(Exchange exchange) {
    security.ended(exchange);
    long nanos = System.nanoTime() - exchange.startNanos();
    usage.ended(exchange, nanos);
    observer.ended(exchange, nanos);
  }
}

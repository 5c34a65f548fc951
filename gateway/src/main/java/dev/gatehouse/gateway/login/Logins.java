package dev.gatehouse.gateway.login;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.resolve.Resolved;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is asked at {@link LoginPaths}. Shared by all event loops; each request is answered
 * on its own.
 */
public final class Logins {
  private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

  private final AccountHost accountHost;
  private final LoginEndpoint login;
  private final CallbackEndpoint callback;
  private final EnterEndpoint enter;
  private final EnteredEndpoint entered;
  private final LogoutEndpoint logout;
  private final SessionEndpoint session;

  Logins(
      AccountHost accountHost,
      LoginEndpoint login,
      CallbackEndpoint callback,
      EnterEndpoint enter,
      EnteredEndpoint entered,
      LogoutEndpoint logout,
      SessionEndpoint session) {
    this.accountHost = accountHost;
    this.login = login;
    this.callback = callback;
    this.enter = enter;
    this.entered = entered;
    this.logout = logout;
    this.session = session;
  }

  /**
   * Whether a request is answered here: at one of {@link LoginPaths}, or anywhere at the account
   * host. No page of an application may stand beside the sessions that open all tenants.
   */
  public boolean take(Resolved request) {
    return LoginPaths.take(request) || accountHost.is(request);
  }

  /**
   * Answers a request, at once or when what it takes is here.
   *
   * @param request one of which {@link #take} holds, within its tenant's limits
   * @param rejections answers what fails
   */
  public void handle(Exchange exchange, Resolved request, Rejections rejections) {
    Context loop = requireNonNull(Vertx.currentContext());
    answerTo(exchange, request)
        .onComplete((reply, failure) ->
            loop.runOnContext(_ -> {
              if (failure == null) {
                reply.writeTo(exchange);
              } else {
                rejections.answer(exchange, rejectionOf(exchange, failure));
              }
            }));
  }

  private Future<Reply> answerTo(Exchange exchange, Resolved request) {
    try {
      return route(exchange, request);
    } catch (RuntimeException refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private Future<Reply> route(Exchange exchange, Resolved request) {
    Sanitized asked = request.request();
    return switch (asked.path()) {
      case LoginPaths.LOGIN -> {
        require(asked, READ);
        yield login.answer(request);
      }
      case LoginPaths.CALLBACK -> {
        require(asked, READ);
        yield callback.answer(request);
      }
      case LoginPaths.TENANTS -> {
        require(asked, READ);
        yield enter.tenants(request);
      }
      case LoginPaths.ENTER -> {
        require(asked, READ);
        yield enter.enter(request);
      }
      case LoginPaths.ENTERED -> {
        require(asked, READ);
        yield entered.answer(request);
      }
      case LoginPaths.LOGOUT -> {
        require(asked, Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST));
        yield logout.answer(request);
      }
      case LoginPaths.LOGGED_OUT -> {
        require(asked, READ);
        yield Future.succeededFuture(Reply.page(Pages.loggedOut(request.tenant())));
      }
      case LoginPaths.BACK_CHANNEL_LOGOUT -> {
        require(asked, Set.of(HttpMethod.POST));
        yield logout.byBackChannel(exchange, request);
      }
      case LoginPaths.SESSION -> {
        require(asked, READ);
        yield session.answer(request);
      }
      default -> {
        if (!accountHost.is(request) || !asked.path().equals("/")) {
          throw Rejection.NoRoute.INSTANCE;
        }
        require(asked, READ);
        yield Future.succeededFuture(Reply.redirect(302, LoginPaths.TENANTS));
      }
    };
  }

  private static void require(Sanitized asked, Set<HttpMethod> methods) {
    if (!methods.contains(asked.head().method())) {
      throw new Rejection.MethodNotRouted(
          String.join(", ", methods.stream().map(HttpMethod::name).sorted().toList()));
    }
  }

  private static Rejection rejectionOf(Exchange exchange, Throwable failure) {
    if (failure instanceof Rejection rejection) {
      return rejection;
    }
    if (failure instanceof ProviderCalls.BusyException) {
      return Rejection.Overloaded.UPSTREAM_BUSY;
    }
    LOG.error(
        "a fault of the gateway's own, request {}", exchange.traceParent().traceId(), failure);
    return Rejection.Internal.INSTANCE;
  }
}

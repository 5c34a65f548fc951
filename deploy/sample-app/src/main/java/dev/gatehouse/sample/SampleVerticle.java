package dev.gatehouse.sample;

import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.database.ControlPlaneConnections;
import dev.gatehouse.contract.database.PoolSettings;
import dev.gatehouse.contract.database.TenantDatabase;
import dev.gatehouse.contract.database.TenantDatabaseException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the application. Runs on virtual threads: handlers may wait. */
final class SampleVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SampleVerticle.class);

  private final SampleAppConfig config;
  private NoteStore notes = new Notes();
  private volatile int port;

  SampleVerticle(SampleAppConfig config) {
    this.config = config;
  }

  /** The port that was bound; 0 before the start. */
  int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    notes =
        config
            .controlPlane()
            .<NoteStore>map(controlPlane ->
                new DatabaseNotes(
                    new TenantDatabase(
                        vertx,
                        new ControlPlaneConnections(controlPlane.url(), controlPlane::token),
                        PoolSettings.defaults())))
            .orElseGet(Notes::new);
    return vertx
        .createHttpServer()
        .requestHandler(router())
        .listen(config.port(), config.host())
        .onSuccess(this::bound);
  }

  @Override
  public Future<?> stop() {
    notes.close();
    return Future.succeededFuture();
  }

  private void bound(HttpServer server) {
    port = server.actualPort();
    LOG.info("serving {} on {}:{}", config.service(), config.host(), port);
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.get("/healthz").handler(ctx -> ctx.response().end("ok\n"));
    router
        .route()
        .handler(new ContextGate(ContextVerifier.fetchingFrom(config.service(), config.jwks())));
    router
        .get("/whoami")
        .handler(ctx ->
            ctx.response()
                .putHeader("Content-Type", "application/json")
                .end(Identity.of(ctx).toBuffer()));
    new NotesRoutes(notes).addTo(router);
    new StreamRoutes(vertx).addTo(router);
    router.errorHandler(404, ctx -> Problem.answer(ctx, 404, "path", "no such page"));
    router.errorHandler(405, ctx -> Problem.answer(ctx, 405, "method", "not with this method"));
    router.errorHandler(
        413, ctx -> Problem.answer(ctx, 413, "body", "the body is longer than a note may be"));
    router.errorHandler(500, SampleVerticle::failed);
    return router;
  }

  /** A caller who left during a stream is no fault. */
  private static void failed(RoutingContext ctx) {
    if (ctx.response().closed()) {
      return;
    }
    if (isForLater(ctx.failure()) && !ctx.response().headWritten()) {
      LOG.warn(
          "{} {}: {}", ctx.request().method(), ctx.request().path(), String.valueOf(ctx.failure()));
      ctx.response().putHeader("Retry-After", "1");
      Problem.answer(ctx, 503, "database", "the notes are not to be had at the moment");
      return;
    }
    LOG.error("{} {} failed", ctx.request().method(), ctx.request().path(), ctx.failure());
    if (ctx.response().headWritten()) {
      ctx.response().reset();
    } else {
      Problem.answer(ctx, 500, "fault", "the application failed");
    }
  }

  /** The same request can have another answer in a moment. */
  private static boolean isForLater(@Nullable Throwable failure) {
    return failure instanceof TenantDatabaseException.Busy
        || failure instanceof TenantDatabaseException.Unavailable
        || failure instanceof TenantDatabaseException.NotEntered;
  }
}

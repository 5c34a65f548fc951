package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * {@code /openapi.yaml}, and {@code /docs}, where people read it. Nothing is loaded from elsewhere.
 */
public final class DocumentRoutes {
  private static final String REDOC =
      "/META-INF/resources/webjars/redoc/2.1.4/bundles/redoc.standalone.js";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:;"
          + " connect-src 'self'; worker-src blob:; frame-ancestors 'none'; base-uri 'none'";

  private final ApiDocument document;

  public DocumentRoutes(ApiDocument document) {
    this.document = document;
  }

  /** Adds the routes. They need no token. */
  public void mount(Router router) {
    Buffer page = resource("/docs.html");
    Buffer script = resource(REDOC);
    router
        .get("/openapi.yaml")
        .handler(context -> send(context, "application/yaml", document.yaml()));
    router.get("/").handler(context -> context.redirect("/docs"));
    router.get("/docs").handler(context -> send(context, "text/html; charset=utf-8", page));
    router
        .get("/docs/redoc.js")
        .handler(context -> send(context, "text/javascript; charset=utf-8", script));
  }

  private static void send(RoutingContext context, String type, Buffer content) {
    context
        .response()
        .putHeader("Content-Type", type)
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(content);
  }

  private static Buffer resource(String name) {
    try (InputStream in = DocumentRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.gatehouse.controlplane.console;

import dev.gatehouse.contract.audit.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scripts and styles of the console, from the class path. Each has its hash in its address, so that
 * browsers keep it for good and never have an old one.
 */
final class Assets {
  private static final String WEBJARS = "/META-INF/resources/webjars/";
  private static final String OWN = "/console/assets/";

  private static final Map<String, String> SOURCES =
      Map.of(
          "console.css", OWN + "console.css",
          "console.js", OWN + "console.js",
          "icon.svg", OWN + "icon.svg",
          "htmx.js", WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js",
          "uplot.js", WEBJARS + "uplot/1.6.30/dist/uPlot.iife.min.js",
          "uplot.css", WEBJARS + "uplot/1.6.30/dist/uPlot.min.css");

  private final Map<String, Asset> byName = new TreeMap<>();

  private record Asset(String address, String type, Buffer content) {}

  /**
   * @throws IllegalStateException if one is missing from the class path
   */
  Assets() {
    SOURCES.forEach((name, source) -> {
      Buffer content = resource(source);
      byName.put(
          name,
          new Asset(Place.HOME + "/assets/" + hash(content) + "/" + name, typeOf(name), content));
    });
  }

  /** Where each is, by its name up to the first dot and its kind: {@code console_css}. */
  Map<String, String> addresses() {
    Map<String, String> addresses = new TreeMap<>();
    byName.forEach((name, asset) -> addresses.put(name.replace('.', '_'), asset.address()));
    return addresses;
  }

  void mount(Router router) {
    byName
        .values()
        .forEach(asset -> router.get(asset.address()).handler(context -> send(context, asset)));
  }

  private static void send(RoutingContext context, Asset asset) {
    context
        .response()
        .putHeader("Content-Type", asset.type())
        .putHeader("Cache-Control", "public, max-age=31536000, immutable")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .end(asset.content());
  }

  private static String typeOf(String name) {
    if (name.endsWith(".css")) {
      return "text/css; charset=utf-8";
    }
    return name.endsWith(".svg") ? "image/svg+xml" : "text/javascript; charset=utf-8";
  }

  private static String hash(Buffer content) {
    return HexFormat.of().formatHex(Sha256.of(content.getBytes()), 0, 8);
  }

  private static Buffer resource(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.gatehouse.gateway.outside;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * An identity provider that this project did not write: the certified one of the npm package {@code
 * oidc-provider}, see {@code outside/identity-provider/provider.mjs}.
 */
final class IdentityProvider implements AutoCloseable {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "provider.mjs");

  private final Process process;
  private final String issuer;

  IdentityProvider() throws IOException, InterruptedException {
    String node = Program.NODE.path();
    Path folder = installed();
    process =
        new ProcessBuilder(node, folder.resolve("provider.mjs").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    issuer = Objects.requireNonNull(output.readLine(), "node did not say where it is");
  }

  /** With the packages that it needs, which are installed once for all tests. */
  private static synchronized Path installed() throws IOException, InterruptedException {
    Path folder = Path.of("target", "identity-provider").toAbsolutePath();
    Files.createDirectories(folder);
    for (String file : FILES) {
      Files.copy(resource(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(folder.resolve("node_modules/oidc-provider"))) {
      Process npm =
          new ProcessBuilder(
                  Program.NPM.path(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      npm.getOutputStream().close();
      if (!npm.waitFor(2, TimeUnit.MINUTES) || npm.exitValue() != 0) {
        npm.destroyForcibly();
        throw new IOException("npm could not install the identity provider");
      }
    }
    return folder;
  }

  private static Path resource(String file) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  IdentityProvider.class.getResource("/outside/identity-provider/" + file))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  String issuer() {
    return issuer;
  }

  /** A client as it is registered (RFC 7591 section 3.2.1). */
  JsonObject register(String origin) throws IOException, InterruptedException {
    JsonObject client =
        new JsonObject()
            .put("redirect_uris", JsonArray.of(origin + "/.gatehouse/callback"))
            .put("post_logout_redirect_uris", JsonArray.of(origin + "/.gatehouse/logged-out"))
            .put("backchannel_logout_uri", origin + "/.gatehouse/backchannel-logout")
            .put("backchannel_logout_session_required", true)
            .put("grant_types", JsonArray.of("authorization_code", "refresh_token"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer + "/reg"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(client.encode()))
            .build();
    HttpResponse<String> answer = send(request);
    if (answer.statusCode() != 201) {
      throw new IOException("registration: " + answer.statusCode() + " " + answer.body());
    }
    return new JsonObject(answer.body());
  }

  /** From now on it fails whatever it is asked. */
  void breakDown() throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(URI.create(issuer + "/refuse-everything")).build());
  }

  /** Over a connection of its own: one that has been idle may end at that moment. */
  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

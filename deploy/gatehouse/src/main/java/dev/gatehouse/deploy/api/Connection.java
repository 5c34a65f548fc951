package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which control plane is meant, and by which token. Tokens are never arguments: others on the
 * machine could read them there.
 *
 * @param url of the control plane
 * @param token an operator's or a user's
 */
public record Connection(URI url, String token) {
  private static final String URL_VARIABLE = "GATEHOUSE_URL";
  private static final String TOKEN_VARIABLE = "GATEHOUSE_TOKEN";

  /**
   * Finds it: what is given, then what the environment says, then the demo that runs here.
   *
   * @param given from the command line
   * @param tokenFile holds the token alone
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if something is missing; it says what would help
   */
  public static Connection find(
      Optional<URI> given, Optional<Path> tokenFile, Map<String, String> environment)
      throws IOException {
    Optional<JsonNode> demo = given.isEmpty() ? RunningDemo.find() : Optional.empty();
    URI url =
        given
            .or(() -> variable(URL_VARIABLE, environment).map(Connection::url))
            .or(() -> demo.map(file -> url(file.path("controlPlaneUrl").asText())))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "Which control plane? Give --url, set "
                        + URL_VARIABLE
                        + ", or start ./gatehouse demo here."));
    if (tokenFile.isPresent()) {
      return new Connection(url, Files.readString(tokenFile.get()).strip());
    }
    String token =
        variable(TOKEN_VARIABLE, environment)
            .or(() -> demo.map(file -> file.path("adminToken").asText()))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "A token is needed: give --token-file, or set " + TOKEN_VARIABLE + "."));
    return new Connection(url, token.strip());
  }

  /** The control plane that is named by the environment alone, if one is. */
  public static Optional<URI> named(Map<String, String> environment) {
    return variable(URL_VARIABLE, environment).map(Connection::url);
  }

  /** One that is empty is not set. */
  private static Optional<String> variable(String name, Map<String, String> environment) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    if (url.getHost() == null || url.getScheme() == null || !url.getScheme().startsWith("http")) {
      throw new IllegalArgumentException(
          "the control plane's URL must be such as http://127.0.0.1:9000, found \"" + text + "\"");
    }
    return url;
  }

  /** Does not show the token. */
  @Override
  public String toString() {
    return "Connection[url=" + url + "]";
  }
}

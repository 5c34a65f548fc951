package dev.gatehouse.deploy.demo;

import dev.gatehouse.backends.PrivateFile;
import dev.gatehouse.contract.token.SecretToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What only the demo's own processes may know, kept in {@code secrets.env}. They get it as
 * environment variables, which is what their configuration files refer to; a shell can read the
 * file, too ({@code set -a; . .gatehouse/secrets.env}).
 */
final class DemoSecrets {
  static final String OPERATOR_TOKEN = "GATEHOUSE_OPERATOR_TOKEN";
  static final String GATEWAY_TOKEN = "GATEHOUSE_GATEWAY_TOKEN";
  static final String MASTER_KEY = "GATEHOUSE_MASTER_KEY";
  static final String DATABASE_URL = "GATEHOUSE_DATABASE_URL";
  static final String REDIS_URL = "GATEHOUSE_REDIS_URL";

  private static final int MASTER_KEY_BYTES = 32;

  private final Path file;
  private final Map<String, String> values;

  private DemoSecrets(Path file, Map<String, String> values) {
    this.file = file;
    this.values = values;
  }

  /** Reads the secrets of an earlier start, or makes them. */
  static DemoSecrets readOrCreate(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve("secrets.env");
    Map<String, String> values = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
    values.computeIfAbsent(
        OPERATOR_TOKEN, _ -> SecretToken.generate(SecretToken.Kind.OPERATOR).reveal());
    values.computeIfAbsent(
        GATEWAY_TOKEN, _ -> SecretToken.generate(SecretToken.Kind.GATEWAY).reveal());
    values.computeIfAbsent(MASTER_KEY, _ -> masterKey());
    DemoSecrets secrets = new DemoSecrets(file, values);
    secrets.save();
    return secrets;
  }

  /** All of them, as environment variables. */
  Map<String, String> environment() {
    return Map.copyOf(values);
  }

  String operatorToken() {
    return Optional.ofNullable(values.get(OPERATOR_TOKEN)).orElseThrow();
  }

  /** A tenant's API key, if it was made already. */
  Optional<String> apiKey(String slug) {
    return Optional.ofNullable(values.get(apiKeyName(slug)));
  }

  void keepApiKey(String slug, String key) throws IOException {
    put(apiKeyName(slug), key);
  }

  /** A tenant's id, by which it is found whatever it is called now, if it was made already. */
  Optional<String> tenantId(String slug) {
    return Optional.ofNullable(values.get(tenantIdName(slug)));
  }

  void keepTenantId(String slug, String id) throws IOException {
    put(tenantIdName(slug), id);
  }

  void put(String name, String value) throws IOException {
    values.put(name, value);
    save();
  }

  private void save() throws IOException {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    PrivateFile.write(file, text.toString());
  }

  private static String apiKeyName(String slug) {
    return "GATEHOUSE_API_KEY_" + slug.toUpperCase(java.util.Locale.ROOT);
  }

  private static String tenantIdName(String slug) {
    return "GATEHOUSE_TENANT_" + slug.toUpperCase(java.util.Locale.ROOT);
  }

  private static String masterKey() {
    byte[] key = new byte[MASTER_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}

package dev.gatehouse.deploy.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces <code>${NAME}</code> and <code>${NAME:default}</code> by environment variables. */
final class Placeholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?<default>[^}]*))?}");

  private final Map<String, String> environment;

  Placeholders(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @throws IllegalArgumentException if a variable is not set and has no default
   */
  String resolve(String text) {
    return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match)));
  }

  private String value(MatchResult match) {
    String name = match.group("name");
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(match.group("default")))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the environment variable %s is not set, and there is no default as in ${%s:value}"
                    .formatted(name, name)));
  }
}

package dev.gatehouse.deploy.api;

import java.util.Map;
import java.util.Optional;

/**
 * What shows how far something is that goes on after its answer, and what else can be done with it.
 *
 * @param path what shows it, with the one parameter that names it in braces
 * @param commands by what follows the path: {@code import cancel} by {@code /cancel}
 */
record ProgressOperations(String path, Map<String, String> commands) {
  /** The path of one. */
  String pathOf(String encodedName) {
    return path.replaceAll("\\{\\w+}", encodedName);
  }

  /** The command, if there is one. */
  Optional<String> command(String suffix) {
    return Optional.ofNullable(commands.get(suffix));
  }
}

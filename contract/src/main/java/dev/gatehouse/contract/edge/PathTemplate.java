package dev.gatehouse.contract.edge;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of paths such as {@code /orders/{id}/lines}. */
final class PathTemplate {
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_]{0,31})}");
  private static final Pattern BRACE = Pattern.compile("[{}]");

  private PathTemplate() {}

  /**
   * The variables of a template.
   *
   * @throws IllegalArgumentException if one is not a whole segment, or is there twice
   */
  static Set<String> variables(String template) {
    Set<String> names = new LinkedHashSet<>();
    for (String segment : template.split("/", -1)) {
      Matcher variable = VARIABLE.matcher(segment);
      if (variable.matches()) {
        if (!names.add(variable.group(1))) {
          throw new IllegalArgumentException(
              "pathTemplate must have each variable once, found " + segment + " twice");
        }
      } else if (BRACE.matcher(segment).find()) {
        throw new IllegalArgumentException(
            "a variable of pathTemplate must be a whole segment such as {id}, found \""
                + segment
                + "\"");
      }
    }
    return names;
  }

  /**
   * @throws IllegalArgumentException if a path that is rewritten to uses other variables than these
   */
  static void requireOnly(Set<String> variables, String rewritten) {
    Matcher variable = VARIABLE.matcher(rewritten);
    while (variable.find()) {
      if (!variables.contains(variable.group(1))) {
        throw new IllegalArgumentException(
            "rewrite path must use variables of pathTemplate, found " + variable.group());
      }
    }
    if (BRACE.matcher(variable.replaceAll("")).find()) {
      throw new IllegalArgumentException(
          "variables of rewrite path must be such as {id}, found \"" + rewritten + "\"");
    }
  }
}

package dev.gatehouse.controlplane.api;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Strong entity tags made of a resource's version (RFC 9110, section 8.8.3). */
final class EntityTag {
  private static final String OPAQUE = "(?:W/)?\"[!#-~\\x80-\\xff]*\"";
  private static final Pattern TAG = Pattern.compile(OPAQUE);
  private static final Pattern LIST =
      Pattern.compile("\\s*(?:\\*|" + OPAQUE + "(?:\\s*,\\s*" + OPAQUE + ")*)\\s*");

  private EntityTag() {}

  /** The tag of a version. */
  static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Whether {@code If-Match} allows to change the version: strong comparison, a weak tag never
   * matches.
   */
  static boolean matches(String ifMatch, long version) {
    return tags("If-Match", ifMatch).stream()
        .anyMatch(tag -> tag.equals("*") || tag.equals(of(version)));
  }

  /** Whether {@code If-None-Match} says that the caller has the version: weak comparison. */
  static boolean isKnown(String ifNoneMatch, long version) {
    return tags("If-None-Match", ifNoneMatch).stream()
        .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(of(version)));
  }

  private static List<String> tags(String header, String value) {
    if (value.length() > 1024 || !LIST.matcher(value).matches()) {
      throw new ProblemException(
          Problem.MALFORMED_REQUEST,
          List.of(Fault.inHeader(header, "must be * or a list of quoted entity tags")));
    }
    return value.strip().equals("*")
        ? List.of("*")
        : TAG.matcher(value).results().map(MatchResult::group).toList();
  }
}

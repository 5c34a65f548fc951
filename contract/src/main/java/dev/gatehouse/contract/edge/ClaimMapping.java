package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a token says who calls. Each is the name of a claim, or a JSON pointer (RFC 6901) into one:
 * {@code /realm_access/roles}.
 *
 * @param subject who calls; the claim of RFC 7519 section 4.1.2 if absent
 * @param roles a list of words, or words with spaces between; no roles if absent
 * @param scopes the same; the claim of RFC 8693 section 4.2 if absent
 * @param roleNames what the issuer's roles are called at the tenant; roles that are not named here
 *     do not count. All count as they are if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ClaimMapping(
    Optional<String> subject,
    Optional<String> roles,
    Optional<String> scopes,
    Optional<Map<String, String>> roleNames) {
  /** The claims of RFC 9068, and no roles. */
  public static final ClaimMapping DEFAULT =
      new ClaimMapping(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final int MAX_LENGTH = 200;
  private static final int MAX_ROLE_NAMES = 100;
  private static final Pattern CLAIM = Pattern.compile("[^/\\p{Cntrl}][^\\p{Cntrl}]*");
  private static final Pattern POINTER = Pattern.compile("(/([^~/\\p{Cntrl}]|~[01])+)+");

  /**
   * @throws IllegalArgumentException if one is neither a name nor a pointer, or there are too many
   *     names of roles
   */
  public ClaimMapping {
    check("subject", subject);
    check("roles", roles);
    check("scopes", scopes);
    roleNames = roleNames.map(Map::copyOf);
    roleNames.ifPresent(names -> Range.check("size of roleNames", names.size(), 1, MAX_ROLE_NAMES));
  }

  private static void check(String what, Optional<String> claim) {
    claim.ifPresent(text -> {
      Range.check("length of " + what, text.length(), 1, MAX_LENGTH);
      if (!CLAIM.matcher(text).matches() && !POINTER.matcher(text).matches()) {
        throw new IllegalArgumentException(
            what + " must be the name of a claim or a JSON pointer, found \"" + text + "\"");
      }
    });
  }
}

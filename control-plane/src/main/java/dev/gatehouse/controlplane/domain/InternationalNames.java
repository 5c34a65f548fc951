package dev.gatehouse.controlplane.domain;

import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.IDNA;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.text.SpoofChecker.RestrictionLevel;
import dev.gatehouse.contract.tenant.Hostname;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Host names beyond ASCII: how they are written ({@code UTS 46}), and which of them could be taken
 * for others ({@code UTS 39}). Stateless; any thread.
 */
final class InternationalNames {
  private static final String A_LABEL = "xn--";

  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(
          IDNA.USE_STD3_RULES
              | IDNA.CHECK_BIDI
              | IDNA.CHECK_CONTEXTJ
              | IDNA.CHECK_CONTEXTO
              | IDNA.NONTRANSITIONAL_TO_ASCII
              | IDNA.NONTRANSITIONAL_TO_UNICODE);

  /** Latin with one other script that is written beside it, and no character out of common use. */
  private static final SpoofChecker SPOOF =
      new SpoofChecker.Builder()
          .setChecks(
              SpoofChecker.RESTRICTION_LEVEL
                  | SpoofChecker.INVISIBLE
                  | SpoofChecker.MIXED_NUMBERS
                  | SpoofChecker.HIDDEN_OVERLAY
                  | SpoofChecker.CHAR_LIMIT)
          .setAllowedChars(SpoofChecker.RECOMMENDED.cloneAsThawed().addAll(SpoofChecker.INCLUSION))
          .setRestrictionLevel(RestrictionLevel.HIGHLY_RESTRICTIVE)
          .build();

  private InternationalNames() {}

  /**
   * The one normal form of a name.
   *
   * @throws IllegalArgumentException if the text is no name of a host; says why
   */
  static Hostname parse(String spelling) {
    IDNA.Info info = new IDNA.Info();
    StringBuilder ascii = new StringBuilder();
    UTS46.nameToASCII(spelling, ascii, info);
    if (info.hasErrors()) {
      throw new IllegalArgumentException(
          "must be a host name, found \""
              + spelling
              + "\" (UTS 46: "
              + words(info.getErrors())
              + ")");
    }
    return Hostname.parse(ascii.toString());
  }

  /** A name as people read it. */
  static String unicode(Hostname host) {
    StringBuilder unicode = new StringBuilder();
    UTS46.nameToUnicode(host.value(), unicode, new IDNA.Info());
    return unicode.toString();
  }

  /** Whether a label could be taken for what it is not: of mixed scripts, or ASCII's look-alike. */
  static boolean isDeceptive(Hostname host) {
    for (String label : host.value().split("\\.", -1)) {
      if (label.startsWith(A_LABEL) && isDeceptive(unicode(new Hostname(label)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a person could take one name, or its end, for the other. */
  static boolean looksLike(Hostname host, Hostname other) {
    String skeleton = SPOOF.getSkeleton(unicode(host));
    String target = SPOOF.getSkeleton(unicode(other));
    return skeleton.equals(target) || skeleton.endsWith("." + target);
  }

  private static boolean isDeceptive(String label) {
    return SPOOF.failsChecks(label) || (!hasLatin(label) && isAscii(SPOOF.getSkeleton(label)));
  }

  private static boolean hasLatin(String label) {
    return label.codePoints().anyMatch(c -> UScript.getScript(c) == UScript.LATIN);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static String words(Set<IDNA.Error> errors) {
    return errors.stream()
        .map(error -> error.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }
}

package dev.gatehouse.gateway.admit;

/**
 * Names of headers by which proxies that end TLS tell applications which certificate a client has
 * shown: {@code Client-Cert} of RFC 9440, and what is said in its place. A name is one of them if
 * it begins with one of these words.
 */
final class CertificateHeaders {
  /** By their first letters; {@code X-} and {@code HTTP_} are left out. */
  private static final String[][] WORDS = new String['z' + 1][];

  static {
    WORDS['a'] = new String[] {"arrclientcert", "amznmtls"};
    WORDS['c'] =
        new String[] {
          "clientcert",
          "clientverify",
          "clientdn",
          "clientsubjectdn",
          "clientissuerdn",
          "cfclientcert"
        };
    WORDS['s'] = new String[] {"sslclient", "sslcert", "sslsubject", "sslissuer"};
    WORDS['t'] = new String[] {"tlsclient"};
    WORDS['w'] = new String[] {"wlproxyclientcert"};
  }

  private CertificateHeaders() {}

  /**
   * Whether some application would take a name for one of them.
   *
   * @param start where the name begins, behind what may be left out
   */
  static boolean are(CharSequence name, int start) {
    int first = start;
    while (first < name.length() && !Character.isLetterOrDigit(name.charAt(first))) {
      first++;
    }
    if (first == name.length()) {
      return false;
    }
    int letter = name.charAt(first) | 0x20;
    String[] words = letter < WORDS.length ? WORDS[letter] : null;
    if (words != null) {
      for (String word : words) {
        if (ForwardableHeaders.endOf(word, name, first) >= 0) {
          return true;
        }
      }
    }
    return false;
  }
}

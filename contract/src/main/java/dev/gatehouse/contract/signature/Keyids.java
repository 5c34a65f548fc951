package dev.gatehouse.contract.signature;

import java.util.regex.Pattern;

/** Names of keys: what stands in a header without escapes. */
final class Keyids {
  private static final Pattern KEYID = Pattern.compile("[ !#-\\[\\]-~]{1,256}");

  private Keyids() {}

  static String checked(String keyid) {
    if (!KEYID.matcher(keyid).matches()) {
      throw new IllegalArgumentException(
          "a keyid must be 1 to 256 printable ASCII characters without quotes and backslashes");
    }
    return keyid;
  }
}

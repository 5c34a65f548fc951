package dev.gatehouse.gateway.login;

/** What others say, as it may stand in the log: short, in one line. */
final class Foreign {
  private static final int MOST = 200;

  private Foreign() {}

  static String text(Object said) {
    String text = String.valueOf(said);
    return text.substring(0, Math.min(text.length(), MOST)).replaceAll("[^\\x20-\\x7e]", "?");
  }
}

package dev.gatehouse.deploy.config;

import java.util.regex.Pattern;

/** Takes out of a message what nobody may read in it: user and password of URLs, and tokens. */
public final class Redaction {
  /** Up to the last at-sign: a password that was not encoded may hold anything. */
  private static final Pattern USER_INFO = Pattern.compile("//[^\"]*@");

  private static final Pattern TOKEN = Pattern.compile("\\b(gh[a-z]?_)[A-Za-z0-9_-]+");

  private Redaction() {}

  /** The message without them. */
  public static String of(String message) {
    String withoutUsers = USER_INFO.matcher(message).replaceAll("//…@");
    return TOKEN.matcher(withoutUsers).replaceAll("$1…");
  }
}

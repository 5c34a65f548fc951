package dev.gatehouse.deploy.doctor;

import dev.gatehouse.deploy.config.Redaction;

/**
 * What a check found. Passwords in URLs, and tokens, are taken out of both sentences.
 *
 * @param found in one sentence
 * @param advice what to do; empty where there is nothing to do
 */
record Finding(Grade grade, String found, String advice) {
  Finding {
    found = Redaction.of(found).strip().replaceFirst("\\.{2,}$", ".");
    advice = Redaction.of(advice);
  }

  static Finding ok(String found) {
    return new Finding(Grade.OK, found, "");
  }

  static Finding warning(String found, String advice) {
    return new Finding(Grade.WARNING, found, advice);
  }

  static Finding failed(String found, String advice) {
    return new Finding(Grade.FAILED, found, advice);
  }

  static Finding skipped(String found) {
    return new Finding(Grade.SKIPPED, found, "");
  }
}

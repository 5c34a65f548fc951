package dev.gatehouse.contract;

import java.util.Optional;

/** Of which version a program is. */
public final class BuildVersion {
  /** Of classes that are in no jar, as while the project is built. */
  public static final String UNKNOWN = "unknown";

  private BuildVersion() {}

  /** That of the jar with this class. */
  public static String of(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse(UNKNOWN);
  }
}

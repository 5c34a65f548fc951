package dev.gatehouse.deploy.doctor;

/** How bad it is. */
enum Grade {
  /** As it should be. */
  OK,
  /** It works, and somebody should look at it. */
  WARNING,
  /** It does not work. */
  FAILED,
  /** Nobody knows, for a reason that is said. */
  SKIPPED
}

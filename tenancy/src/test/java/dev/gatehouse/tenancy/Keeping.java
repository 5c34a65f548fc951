package dev.gatehouse.tenancy;

/** Where a database keeps whose a transaction is. */
public enum Keeping {
  /** In a parameter that the application may not set. */
  PARAMETER,
  /** In a setting that everybody may write, beside a seal. */
  SEAL
}

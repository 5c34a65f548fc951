package dev.gatehouse.contract.database;

/** The server is there, and does not know this login or this database any more. */
final class LoginRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // Never serialized.
  final ConnectionDetails details;

  LoginRefused(ConnectionDetails details, Throwable cause) {
    super(cause.getMessage(), cause, false, false);
    this.details = details;
  }

  /** Whether this SQLState says so: no such role, password or database, or no right to connect. */
  static boolean isSaidBy(String sqlState) {
    return sqlState != null
        && (sqlState.startsWith("28") || sqlState.equals("3D000") || sqlState.equals("42501"));
  }

  TenantDatabaseException.Unavailable asUnavailable() {
    return new TenantDatabaseException.Unavailable(
        "the database refuses the login that the control plane gives: " + getMessage(), this);
  }
}

package dev.gatehouse.contract.database;

/** The SQL around an application's own, the same for both clients. */
final class SessionText {
  /**
   * Says whose the transaction is, and gives back when it began: what is another one then was begun
   * by the application.
   */
  static final String ENTER = "SELECT tenancy.enter(%s), " + Parts.BEGAN;

  /** Fails in a transaction that an error has aborted, before anything is committed. */
  static final String BEGAN = "SELECT " + Parts.BEGAN + "; ";

  /**
   * Makes the session as it was when it was opened: {@code DISCARD ALL} but for the statements that
   * are kept prepared. What the application's SQL, or somebody's who could put some into it, has
   * left behind would meet the next tenant.
   */
  private static final String RESET =
      "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; "
          + "DISCARD SEQUENCES; DISCARD TEMP; ";

  /**
   * And says whether SQL has prepared a statement. It can have taken the name of one that the
   * driver keeps, and would be run by the next tenant in its place: such a session is closed.
   */
  static final String LEFT =
      RESET
          + "SELECT EXISTS (SELECT FROM pg_catalog.pg_prepared_statement() WHERE from_sql), "
          + Parts.UNLOCK;

  /** The same where no statements are kept: all of them are thrown away. */
  static final String NOTHING_LEFT = RESET + "DEALLOCATE ALL; SELECT false, " + Parts.UNLOCK;

  private SessionText() {}

  private static final class Parts {
    static final String BEGAN =
        "EXTRACT(EPOCH FROM pg_catalog.transaction_timestamp())::pg_catalog.text";

    static final String UNLOCK = "pg_catalog.pg_advisory_unlock_all()";

    private Parts() {}
  }
}

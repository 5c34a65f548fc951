package dev.gatehouse.controlplane;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.database.Migrations;

/**
 * Databases with the newest schema and nothing in them, copied from one: to make it takes longer.
 */
public final class MigratedDatabase {
  private static final class Template {
    static final String URL = TestBackends.freshDatabaseUrl();

    static {
      Migrations.apply(DatabaseUrl.parse(URL));
    }
  }

  private MigratedDatabase() {}

  /** A new one, as {@link TestBackends#freshDatabaseUrl()} gives an empty one. */
  public static String freshUrl() {
    return TestBackends.copyOf(Template.URL);
  }
}

package dev.gatehouse.controlplane.database;

import org.flywaydb.core.Flyway;

/** Brings the schema to the newest version. */
public final class Migrations {
  private Migrations() {}

  /**
   * Applies what is missing. Instances that start at once do not disturb each other. Blocks.
   *
   * @throws org.flywaydb.core.api.FlywayException if the database cannot be reached or migrated
   */
  public static void apply(DatabaseUrl url) {
    Flyway.configure()
        .dataSource(url.jdbcUrl(), url.user(), url.password())
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }
}

package dev.gatehouse.controlplane.database;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the schema to the newest version. */
public final class Migrations {
  private Migrations() {}

  /**
   * Applies what is missing. Instances that start at once do not disturb each other. Blocks.
   *
   * @throws org.flywaydb.core.api.FlywayException if the database cannot be reached or migrated
   */
  public static void apply(DatabaseUrl url) {
    of(url).migrate();
  }

  /**
   * Looks how far the schema is, and changes nothing. Blocks.
   *
   * @throws org.flywaydb.core.api.FlywayException if the database cannot be reached
   */
  public static SchemaState look(DatabaseUrl url) {
    List<MigrationInfo> all = Arrays.asList(of(url).info().all());
    List<String> applied = versions(all, info -> info.getState().isApplied());
    return new SchemaState(
        applied.isEmpty() ? "" : applied.getLast(),
        versions(all, info -> info.getState() == MigrationState.PENDING),
        versions(all, info -> info.getState().isFailed()),
        versions(all, info -> info.getState() == MigrationState.FUTURE_SUCCESS),
        versions(
            all, info -> info.getState() == MigrationState.SUCCESS && !info.isChecksumMatching()));
  }

  private static List<String> versions(List<MigrationInfo> all, Predicate<MigrationInfo> which) {
    return all.stream()
        .filter(which)
        .flatMap(info -> Stream.ofNullable(info.getVersion()))
        .map(Object::toString)
        .toList();
  }

  private static Flyway of(DatabaseUrl url) {
    return Flyway.configure()
        .dataSource(url.jdbcUrl(), url.user(), url.password())
        .locations("classpath:db/migration")
        .load();
  }
}

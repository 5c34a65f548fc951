package dev.gatehouse.tenancy;

import static dev.gatehouse.tenancy.Scene.ACME;
import static dev.gatehouse.tenancy.Scene.GLOBEX;
import static dev.gatehouse.tenancy.Scene.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tenants that take turns on one connection, a transaction each. */
@Timeout(120)
@ParameterizedClass
@MethodSource("dev.gatehouse.tenancy.Scene#ofOldestAndNewest")
class TransactionPoolingTest {
  private static final int TRANSACTIONS = 200;
  private static final String SEEN = "SELECT DISTINCT split_part(text, ' ', 1) FROM notes.note";

  private final Scene scene;
  @TempDir Path folder;

  TransactionPoolingTest(Scene scene) {
    this.scene = scene;
  }

  @Test
  void eachSeesItsOwnRowsAndNobodySeesAnyWithoutATenant() throws Exception {
    try (PgBouncer pool = new PgBouncer(folder, scene.jdbcUrl(), scene.application());
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Set<String>> acme = clients.submit(client(pool, ACME, "acme"));
      Future<Set<String>> globex = clients.submit(client(pool, GLOBEX, "globex"));
      Future<Boolean> nobody = clients.submit(() -> nobody(pool));

      Set<String> backends = new HashSet<>(acme.get(60, TimeUnit.SECONDS));
      backends.addAll(globex.get(60, TimeUnit.SECONDS));
      assertThat(nobody.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(backends).as("the connections that they shared").hasSize(1);
    }
  }

  private Callable<Set<String>> client(PgBouncer pool, UUID tenant, String name) {
    return () -> {
      Set<String> backends = new HashSet<>();
      try (Connection connection = pool.connect()) {
        for (int i = 0; i < TRANSACTIONS; i++) {
          scene.enter(connection, tenant);
          assertThat(query(connection, SEEN)).containsExactly(name);
          backends.addAll(query(connection, "SELECT pg_backend_pid()"));
          connection.commit();
        }
      }
      return backends;
    };
  }

  private static boolean nobody(PgBouncer pool) throws SQLException {
    try (Connection connection = pool.connect()) {
      for (int i = 0; i < TRANSACTIONS; i++) {
        assertThatThrownBy(() -> query(connection, SEEN))
            .hasMessageContaining("no tenant was entered");
        connection.rollback();
      }
    }
    return true;
  }
}

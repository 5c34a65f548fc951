package dev.gatehouse.controlplane.access;

import dev.gatehouse.controlplane.database.Database;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When tokens were used last. A use is noted in memory; once a minute, and at the end, all are
 * written together, so that no request waits for it. Any thread.
 */
public final class LastUse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastUse.class);
  private static final Duration WRITE_EVERY = Duration.ofMinutes(1);

  /** Uses that are noted between two writes; those of more tokens are lost. */
  private static final int MAX_NOTED = 10_000;

  private final Database database;
  private final Writer writer;
  private final InstantSource clock;
  private final Map<String, Instant> noted = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("last-use").unstarted(this::run);

  private LastUse(Database database, Writer writer, InstantSource clock) {
    this.database = database;
    this.writer = writer;
    this.clock = clock;
  }

  /** Starts to write what is noted. */
  public static LastUse start(Database database, Writer writer, InstantSource clock) {
    LastUse lastUse = new LastUse(database, writer, clock);
    lastUse.thread.start();
    return lastUse;
  }

  /** A token was used now. */
  public void note(String id) {
    if (noted.size() < MAX_NOTED || noted.containsKey(id)) {
      noted.put(id, clock.instant());
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(WRITE_EVERY);
        write();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    // Sorted, so that instances that write at once take the rows in one order.
    Map<String, Instant> uses = new TreeMap<>(noted);
    if (uses.isEmpty()) {
      return;
    }
    uses.forEach(noted::remove);
    try {
      database.runInTransaction(tx -> writer.write(tx, uses));
    } catch (RuntimeException e) {
      LOG.warn("when {} tokens were used last is not kept: {}", uses.size(), e.getMessage());
    }
  }

  /** The two arrays that {@code unnest} takes: ids and times. */
  public static Tuple toTuple(Map<String, Instant> lastUses) {
    OffsetDateTime[] times =
        lastUses.values().stream()
            .map(instant -> instant.atOffset(ZoneOffset.UTC))
            .toArray(OffsetDateTime[]::new);
    return Tuple.tuple()
        .addArrayOfString(lastUses.keySet().toArray(String[]::new))
        .addArrayOfOffsetDateTime(times);
  }

  /** Writes what is noted and stops. */
  @Override
  public void close() {
    thread.interrupt();
    write();
  }

  /** How last uses are written. */
  @FunctionalInterface
  public interface Writer {
    void write(SqlConnection tx, Map<String, Instant> lastUses);
  }
}

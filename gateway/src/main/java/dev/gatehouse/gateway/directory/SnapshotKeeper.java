package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.FeedMessage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link SnapshotFile} close to the {@link LiveDirectory}: looks every few seconds
 * whether there is a newer revision and writes it on a worker thread, one write at a time.
 */
public final class SnapshotKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);
  private static final long LOOK_EVERY_MILLIS = 2000;

  private final Vertx vertx;
  private final LiveDirectory directory;
  private final SnapshotFile file;
  private long writtenRevision = -1;
  private boolean writing;
  private boolean failing;

  /**
   * @param vertx the one on whose event loop the directory changes
   */
  public SnapshotKeeper(
      Vertx vertx, LiveDirectory directory, SnapshotFile file, MeterRegistry metrics) {
    this.vertx = vertx;
    this.directory = directory;
    this.file = file;
    Gauge.builder("gatehouse.snapshot.revision", this, keeper -> keeper.writtenRevision)
        .description("Revision of the snapshot on disk; -1 if there is none")
        .register(metrics);
  }

  /**
   * Fills the directory from disk if there is a file that can be trusted. Blocks: call it before
   * the feed begins.
   */
  public void restore() {
    try {
      List<FeedMessage> lines = new ArrayList<>();
      if (file.read(lines::add)) {
        lines.forEach(directory::apply);
        writtenRevision = directory.revision();
        LOG.info(
            "{} tenants at revision {} from {}",
            directory.current().size(),
            directory.revision(),
            file.path());
      }
    } catch (IOException | IllegalArgumentException e) {
      directory.abandonSnapshot();
      LOG.error(
          "{} is refused, waiting for the control plane instead: {}", file.path(), e.getMessage());
    }
  }

  /** Begins to write. Returns at once. */
  public void start() {
    vertx.runOnContext(_ -> vertx.setPeriodic(LOOK_EVERY_MILLIS, _ -> writeIfNewer()));
  }

  /** Writes what is newer than the file, if anything is, and tells when it is on disk. */
  public Future<?> writeIfNewer() {
    long revision = directory.revision();
    if (writing || revision <= writtenRevision) {
      return Future.succeededFuture();
    }
    writing = true;
    List<FeedMessage> lines = new ArrayList<>();
    lines.add(new FeedMessage.SnapshotBegin(revision));
    directory.forEachObject(object -> lines.add(new FeedMessage.Upsert(revision, object)));
    lines.add(new FeedMessage.SnapshotEnd(revision));
    return vertx
        .executeBlocking(() -> {
          file.write(lines);
          return revision;
        })
        .onComplete(result -> {
          writing = false;
          if (result.succeeded()) {
            writtenRevision = revision;
            failing = false;
          } else if (!failing) {
            failing = true;
            LOG.error(
                "{} cannot be written, the gateway could not start without the control plane: {}",
                file.path(),
                result.cause().toString());
          }
        });
  }
}

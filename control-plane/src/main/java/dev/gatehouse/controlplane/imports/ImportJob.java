package dev.gatehouse.controlplane.imports;

import dev.gatehouse.controlplane.api.BodyReader;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.job.Job;
import dev.gatehouse.controlplane.job.JobHandler;
import dev.gatehouse.controlplane.tenant.BulkTenantService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Takes an import further, a batch of lines in each run. The tenants of a batch, the errors and the
 * note of how far it is are committed together.
 */
public final class ImportJob implements JobHandler {
  /** The kind of the jobs; the key is the import's id. */
  public static final String KIND = "tenant-import";

  private static final int BATCH = 100;

  /** How long one that has ended can be read. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final ImportStore store = new ImportStore();
  private final BodyReader tenants;
  private final BulkTenantService bulk;

  /**
   * @param tenants reads a line as the body that creates a tenant
   */
  public ImportJob(BodyReader tenants, BulkTenantService bulk) {
    this.tenants = tenants;
    this.bulk = bulk;
  }

  @Override
  public Effect run(Job job) {
    UUID id = UUID.fromString(job.key());
    return tx -> {
      Optional<TenantImport> found = store.lock(tx, id);
      return found.isEmpty() ? Next.done() : goOn(tx, found.get());
    };
  }

  private Next goOn(SqlConnection tx, TenantImport one) {
    return switch (one.state()) {
      case RUNNING -> process(tx, one);
      case RECEIVING -> {
        store.delete(tx, one.id()); // its body broke off
        yield Next.done();
      }
      case DONE, CANCELLED -> {
        Instant forgetAt = one.endedAt().orElseThrow().plus(KEPT);
        if (!forgetAt.isAfter(Instant.now())) {
          store.delete(tx, one.id());
          yield Next.done();
        }
        store.forgetLines(tx, one.id(), Long.MAX_VALUE);
        yield Next.again(forgetAt);
      }
    };
  }

  private Next process(SqlConnection tx, TenantImport one) {
    List<ImportStore.Line> lines = store.next(tx, one, BATCH);
    if (lines.isEmpty()) {
      TenantImport _ = store.end(tx, one.id(), TenantImport.State.DONE);
      return Next.again(Instant.now());
    }
    Map<Long, ProblemException> refused = new TreeMap<>();
    Map<Long, JsonObject> bodies = read(lines, refused);
    if (one.dryRun()) {
      refuseRepeatedSlugs(tx, one, bodies, refused);
      tx.query("SAVEPOINT dry_run").execute().await();
      refused.putAll(bulk.createAll(tx, bodies, actor(one)));
      tx.query("ROLLBACK TO SAVEPOINT dry_run").execute().await();
    } else {
      refused.putAll(bulk.createAll(tx, bodies, actor(one)));
    }
    Map<Long, JsonObject> errors = new TreeMap<>();
    refused.forEach((line, refusal) -> errors.put(line, refusal.toJson()));
    store.insertErrors(tx, one.id(), errors);
    long through = lines.getLast().number();
    if (!one.dryRun()) {
      store.forgetLines(tx, one.id(), through);
    }
    store.progress(tx, one.id(), lines.size(), refused.size(), through);
    return Next.again(Instant.now());
  }

  private Map<Long, JsonObject> read(
      List<ImportStore.Line> lines, Map<Long, ProblemException> refused) {
    Map<Long, JsonObject> bodies = new LinkedHashMap<>();
    for (ImportStore.Line line : lines) {
      try {
        if (line.fault().isPresent()) {
          throw new ProblemException(Problem.INVALID_BODY, "the line " + line.fault().get());
        }
        bodies.put(line.number(), tenants.read(line.content().orElseThrow()));
      } catch (ProblemException refusal) {
        refused.put(line.number(), refusal);
      }
    }
    return bodies;
  }

  /** In a dry run no tenant is there that an earlier line would have created. */
  private void refuseRepeatedSlugs(
      SqlConnection tx,
      TenantImport one,
      Map<Long, JsonObject> bodies,
      Map<Long, ProblemException> refused) {
    Map<Long, String> slugs = new LinkedHashMap<>();
    bodies.forEach((line, body) -> slugs.put(line, body.getString("slug")));
    Set<String> seen = new HashSet<>(store.earlierSlugs(tx, one.id(), List.copyOf(slugs.values())));
    slugs.forEach((line, slug) -> {
      if (!seen.add(slug)) {
        bodies.remove(line);
        refused.put(line, BulkTenantService.slugTaken());
      }
    });
    store.keepSlugs(tx, one.id(), slugs);
  }

  private static String actor(TenantImport one) {
    return "import by " + one.actor();
  }
}

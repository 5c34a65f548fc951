package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Writes a whole chain to a reader, as lines of JSON that {@code gatehouse audit verify} checks. It
 * holds one batch at a time, and no connection of the database while it waits for the reader.
 */
public final class AuditExport {
  private static final String MEDIA_TYPE = "application/x-ndjson";
  private static final int VERSION = 1;
  private static final int BATCH = 200;
  private final AuditStore store = new AuditStore();
  private final CheckpointService checkpoints;
  private final Database database;
  private final Exports exports;

  /** Exports with the newest checkpoint of these. */
  public AuditExport(CheckpointService checkpoints, Database database, Exports exports) {
    this.checkpoints = checkpoints;
    this.database = database;
    this.exports = exports;
  }

  /** What an export begins with, and where it ends. */
  private record Plan(String header, long from, long to, String endHash) {}

  /**
   * Writes entries from a number on, up to the newest one that is there when it begins.
   *
   * @throws ProblemException {@code INVALID_PARAMETER} if the chain is not that long, {@code
   *     TOO_MANY_EXPORTS} if there are enough under way
   */
  void write(UUID chain, long from, HttpServerResponse response) {
    exports.write(chain, MEDIA_TYPE, response, out -> write(chain, plan(chain, from), out));
  }

  private void write(UUID chain, Plan plan, Exports.Out out) {
    out.write(plan.header());
    long next = plan.from();
    while (next <= plan.to()) {
      List<AuditEntry> entries = batch(chain, next, plan.to());
      out.write(entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining()));
      next = entries.getLast().sequence() + 1;
    }
    out.write(end(plan));
  }

  private Plan plan(UUID chain, long from) {
    return database.withConnection(connection -> {
      JsonObject header =
          JsonObject.of("version", VERSION, "chain", chain.toString(), "from", from);
      checkpoints.proofFor(connection, chain).ifPresent(proof -> header.put("checkpoint", proof));
      long length = store.length(connection, chain);
      if (from > length + 1) {
        throw new ProblemException(
            Problem.INVALID_PARAMETER,
            List.of(
                Fault.inParameter(
                    "from", "must be at most %d, found %d".formatted(length + 1, from))));
      }
      byte[] previous =
          from == 1 ? AuditChain.start() : store.hash(connection, chain, from - 1).orElseThrow();
      byte[] end =
          length == 0 ? AuditChain.start() : store.hash(connection, chain, length).orElseThrow();
      header
          .put("previous", HexFormat.of().formatHex(previous))
          .put(
              "keys",
              new JsonArray(
                  checkpoints.keys(connection).stream().map(CheckpointKey::toJson).toList()));
      return new Plan(
          JsonObject.of("export", header).encode() + "\n",
          from,
          length,
          HexFormat.of().formatHex(end));
    });
  }

  private List<AuditEntry> batch(UUID chain, long from, long to) {
    return database.withConnection(connection -> store.range(connection, chain, from, to, BATCH));
  }

  private static String end(Plan plan) {
    return JsonObject.of("end", JsonObject.of("sequence", plan.to(), "hash", plan.endHash()))
            .encode()
        + "\n";
  }
}

package dev.gatehouse.controlplane.imports;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.BodyStream;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Csv;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tenants/imports}. */
public final class ImportRoutes {
  private static final String PATH = "/v1/tenants/imports/";

  /** Records that are written, and errors that are read, at once. */
  private static final int BATCH = 500;

  private final ImportService imports;
  private final Exports exports;
  private final Pages pages;

  public ImportRoutes(ImportService imports, Exports exports, Pages pages) {
    this.imports = imports;
    this.exports = exports;
    this.pages = pages;
  }

  /** Binds the operations on imports. */
  public void bind(Api api) {
    api
        .performStreamed("importTenants", this::receive)
        .perform("listImports", this::list)
        .perform("getImport", this::get)
        .perform("cancelImport", this::cancel)
        .perform("listImportErrors", this::errors)
        .stream("exportImportErrors", this::exportErrors);
  }

  /** Reads the body into the database; the import begins in the request's transaction. */
  private Api.Received receive(ApiRequest request, BodyStream body) {
    boolean dryRun = request.query("dryRun").filter(text -> !text.equals("false")).isPresent();
    UUID id = imports.receive(dryRun, request.caller().map(Caller::name).orElseThrow());
    try {
      long lines = keepAll(id, body);
      return new Api.Received(
          (_, tx) -> {
            TenantImport started = imports.start(tx, id, lines);
            return Answer.accepted(PATH + id, started.toJson());
          },
          () -> imports.discard(id));
    } catch (RuntimeException | OutOfMemoryError e) {
      imports.discard(id);
      throw e;
    }
  }

  private long keepAll(UUID id, BodyStream body) {
    List<ImportRecord> records = new ArrayList<>();
    long[] count = {0};
    RecordReader reader =
        RecordReader.of(
            body.mediaType(),
            one -> {
              if (++count[0] > ImportService.MAX_LINES) {
                throw new ProblemException(
                    Problem.BODY_TOO_LARGE,
                    "an import may have at most " + ImportService.MAX_LINES + " lines");
              }
              records.add(one);
            });
    for (Optional<Buffer> part = body.next(); part.isPresent(); part = body.next()) {
      reader.read(part.get().getBytes());
      if (records.size() >= BATCH) {
        imports.keep(id, records);
        records.clear();
      }
    }
    reader.end();
    imports.keep(id, records);
    if (count[0] == 0) {
      throw new ProblemException(Problem.INVALID_BODY, "the import has no lines");
    }
    return count[0];
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    return pages.answer(
        request,
        (before, count) -> imports.list(connection, before.map(UUID::fromString), count),
        one -> one.id().toString(),
        TenantImport::toJson);
  }

  private Answer get(ApiRequest request, SqlConnection connection) {
    return Answer.ok(imports.find(connection, id(request)).toJson());
  }

  private Answer cancel(ApiRequest request, SqlConnection tx) {
    return Answer.ok(imports.cancel(tx, id(request)).toJson());
  }

  private Answer errors(ApiRequest request, SqlConnection connection) {
    UUID id = imports.find(connection, id(request)).id();
    return pages.answer(
        request,
        (after, count) ->
            imports.errors(connection, id, after.map(Long::parseLong).orElse(0L), count),
        error -> Long.toString(error.line()),
        ImportStore.LineError::toJson);
  }

  private void exportErrors(ApiRequest request, HttpServerResponse response) {
    UUID id = id(request);
    exports.write(
        AuditChain.PLATFORM,
        Csv.MEDIA_TYPE,
        response,
        out -> {
          ErrorsCsv csv = new ErrorsCsv();
          List<ImportStore.LineError> errors = imports.errors(id, 0, BATCH);
          out.write(csv.rowsOf(errors));
          while (errors.size() == BATCH) {
            errors = imports.errors(id, errors.getLast().line(), BATCH);
            out.write(csv.rowsOf(errors));
          }
        });
  }

  private static UUID id(ApiRequest request) {
    return UUID.fromString(request.path("import"));
  }
}

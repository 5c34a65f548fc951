package dev.gatehouse.sample;

import dev.gatehouse.contract.context.TenantContext;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Optional;

/** {@code /} and {@code /notes}: a tenant's own notes, as a page and as JSON. */
final class NotesRoutes {
  private static final long MAX_BODY_BYTES = 16 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final NoteStore notes;

  NotesRoutes(NoteStore notes) {
    this.notes = notes;
  }

  void addTo(Router router) {
    router.get("/").handler(this::page);
    router.get("/notes").handler(this::list);
    router
        .post("/notes")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(this::add);
  }

  private void page(RoutingContext ctx) {
    TenantContext context = ContextGate.contextOf(ctx);
    ctx.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", NotesPage.CONTENT_SECURITY_POLICY)
        .putHeader("Cache-Control", "no-store")
        .end(NotesPage.render(context, notes.of(ContextGate.requestOf(ctx))));
  }

  private void list(RoutingContext ctx) {
    JsonArray own = new JsonArray();
    notes.of(ContextGate.requestOf(ctx)).forEach(note -> own.add(json(note)));
    ctx.response().putHeader("Content-Type", "application/json").end(own.toBuffer());
  }

  private void add(RoutingContext ctx) {
    String type = mediaType(ctx);
    if (!type.equals(FORM) && !type.equals("application/json")) {
      Problem.answer(
          ctx, 415, "media-type", "a note is application/json or " + FORM + ", found " + type);
      return;
    }
    Optional<String> text =
        type.equals(FORM)
            ? Optional.ofNullable(ctx.request().getFormAttribute("text"))
            : Optional.ofNullable(ctx.body().asString()).flatMap(NotesRoutes::textIn);
    if (text.isEmpty() || text.get().isBlank() || text.get().length() > Notes.TEXT_LENGTH) {
      Problem.answer(
          ctx,
          400,
          "note",
          "a note is {\"text\": …} with 1 to " + Notes.TEXT_LENGTH + " characters that show");
      return;
    }
    Notes.Note note = notes.add(ContextGate.requestOf(ctx), text.get());
    if (type.equals(FORM)) {
      ctx.response().setStatusCode(303).putHeader("Location", "/").end();
    } else {
      ctx.response()
          .setStatusCode(201)
          .putHeader("Content-Type", "application/json")
          .end(json(note).toBuffer());
    }
  }

  private static String mediaType(RoutingContext ctx) {
    String header = ctx.request().headers().get("Content-Type");
    return header == null ? "none" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static Optional<String> textIn(String body) {
    try {
      return new JsonObject(body).getValue("text") instanceof String text
          ? Optional.of(text)
          : Optional.empty();
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private static JsonObject json(Notes.Note note) {
    return new JsonObject()
        .put("id", note.id().toString())
        .put("text", note.text())
        .put("author", note.author())
        .put("at", note.at().toString());
  }
}

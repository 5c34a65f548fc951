package dev.gatehouse.sample;

import dev.gatehouse.contract.context.TenantContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The application's one HTML page. */
final class NotesPage {
  /** No scripts, no other origin; forms go home. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM, HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  /** Takes slug, subject, roles, longest note and list, in this order. */
  private static final String PAGE = read("notes.html");

  private NotesPage() {}

  static String render(TenantContext context, List<Notes.Note> notes) {
    String roles =
        context.roles().stream()
            .sorted()
            .map(role -> "<span class=\"role\">" + escape(role) + "</span>")
            .collect(Collectors.joining(" "));
    return PAGE.formatted(
        escape(context.tenantSlug()),
        escape(context.subject()),
        roles,
        Notes.TEXT_LENGTH,
        list(notes));
  }

  private static String list(List<Notes.Note> notes) {
    if (notes.isEmpty()) {
      return "<p class=\"empty\">No notes yet.</p>";
    }
    return notes.reversed().stream()
        .map(note ->
            "<li>%s<small>%s, %s</small></li>"
                .formatted(escape(note.text()), escape(note.author()), TIME.format(note.at())))
        .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String read(String resource) {
    try (InputStream in = Objects.requireNonNull(NotesPage.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

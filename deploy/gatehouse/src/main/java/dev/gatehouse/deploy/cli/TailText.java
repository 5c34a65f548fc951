package dev.gatehouse.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Help.Ansi;

/**
 * Lines of the access log for people. Nothing that a client sent reaches the terminal as it is:
 * what is not printable is shown as a question mark.
 *
 * @param ansi whether there are colours
 * @param namesGateways whether each line says which gateway it is of
 */
record TailText(Ansi ansi, boolean namesGateways) {
  private static final int TIME_FROM = 11;
  private static final int TIME_TO = 23;

  String of(JsonNode line, String gateway) {
    String shown = line.has("dropped") ? dropped(line) : request(line);
    return namesGateways ? styled("faint", gateway) + " " + shown : shown;
  }

  private String dropped(JsonNode line) {
    return styled(
        "yellow", "(" + line.path("dropped").asLong() + " requests more than could be shown)");
  }

  private String request(JsonNode line) {
    String time = line.path("time").asText();
    StringBuilder text = new StringBuilder();
    text.append(
        styled("faint", time.length() > TIME_TO ? time.substring(TIME_FROM, TIME_TO) : time));
    int status = line.path("status").asInt();
    text.append(' ').append(styled(colourOf(status), String.valueOf(status)));
    text.append(String.format(Locale.ROOT, " %8.1f ms", line.path("micros").asLong() / 1000.0));
    add(text, line, "tenant", name -> styled("bold", name));
    text.append(' ').append(printable(line.path("method").asText()));
    text.append(' ').append(printable(line.path("path").asText()));
    if (line.has("service")) {
      text.append(" -> ").append(printable(line.path("service").asText()));
      add(text, line, "endpoint", endpoint -> endpoint);
    }
    if (line.path("attempts").asInt() > 1) {
      text.append(" after ").append(line.path("attempts").asInt()).append(" attempts");
    }
    add(text, line, "refusal", refusal -> styled("red", refusal));
    add(text, line, "client", client -> styled("faint", client));
    add(text, line, "requestId", id -> styled("faint", id));
    return text.toString();
  }

  private static void add(
      StringBuilder text, JsonNode line, String field, UnaryOperator<String> style) {
    if (line.has(field)) {
      text.append(' ').append(style.apply(printable(line.path(field).asText())));
    }
  }

  private static String colourOf(int status) {
    if (status >= 500) {
      return "red";
    }
    return status >= 400 ? "yellow" : "green";
  }

  private String styled(String style, String text) {
    return ansi.enabled()
        ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.off(Ansi.Style.parse(style))
        : text;
  }

  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}

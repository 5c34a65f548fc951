package dev.gatehouse.controlplane.console;

import com.github.f4b6a3.uuid.UuidCreator;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How values are told in words: filters and functions of the templates. */
final class Words extends AbstractExtension {
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final InstantSource clock;

  Words(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Map<String, Filter> getFilters() {
    return Map.of(
        "ago", of(this::ago),
        "day", of(this::day),
        "num", of(Words::number),
        "words", of(Words::words),
        "place", of(Words::place),
        "json", of(Words::json));
  }

  /** {@code once()} is a key under which a form is performed one time only. */
  @Override
  public Map<String, Function> getFunctions() {
    return Map.of("once", new Once());
  }

  private Object ago(Object text) {
    return time(text, at -> distance(Duration.between(at, clock.instant())));
  }

  private Object day(Object text) {
    return time(text, DAY::format);
  }

  private static Object time(Object text, java.util.function.Function<Instant, String> wording) {
    try {
      Instant at = Instant.parse(text.toString());
      return new SafeString(
          "<time datetime=\"%s\" title=\"%s\">%s</time>"
              .formatted(at, EXACT.format(at), wording.apply(at)));
    } catch (DateTimeException _) {
      return text;
    }
  }

  private static String distance(Duration since) {
    Duration length = since.abs();
    String amount = amount(length);
    if (length.toSeconds() < 2) {
      return "now";
    }
    return since.isNegative() ? "in " + amount : amount + " ago";
  }

  private static String amount(Duration length) {
    if (length.toSeconds() < 60) {
      return length.toSeconds() + " s";
    } else if (length.toMinutes() < 60) {
      return length.toMinutes() + " min";
    } else if (length.toHours() < 48) {
      return length.toHours() + " h";
    }
    return length.toDays() + " days";
  }

  private static Object number(Object value) {
    return value instanceof Number number
        ? String.format(Locale.ENGLISH, "%,d", number.longValue()).replace(',', ' ')
        : value;
  }

  /** {@code suspendTenant} and {@code end-trial} as people would say it. */
  private static Object words(Object name) {
    String spaced =
        name.toString()
            .replaceAll("([a-z])([A-Z])", "$1 $2")
            .replace('-', ' ')
            .replace(".", ": ")
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\bapi\\b", "API");
    return spaced.isEmpty()
        ? spaced
        : Character.toUpperCase(spaced.charAt(0)) + spaced.substring(1);
  }

  /** Where something is, without what says nothing to people: ids are cut short. */
  private static Object place(Object resource) {
    return resource
        .toString()
        .replaceFirst("^/v1/", "")
        .replaceAll("([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "$1…");
  }

  @SuppressWarnings("unchecked") // documents are maps of names
  private static Object json(Object value) {
    return switch (value) {
      case Map<?, ?> map -> new JsonObject((Map<String, Object>) map).encodePrettily();
      case List<?> list -> new JsonArray(list).encodePrettily();
      default -> Json.encode(value);
    };
  }

  private static Filter of(UnaryOperator<Object> wording) {
    return new Worded(wording);
  }

  private record Worded(UnaryOperator<Object> wording) implements Filter {
    @Override
    public @Nullable Object apply(
        @Nullable Object input,
        Map<String, Object> args,
        PebbleTemplate self,
        EvaluationContext context,
        int lineNumber) {
      return input == null ? null : wording.apply(input);
    }

    @Override
    public List<String> getArgumentNames() {
      return List.of();
    }
  }

  private static final class Once implements Function {
    @Override
    public Object execute(
        Map<String, Object> args, PebbleTemplate self, EvaluationContext context, int lineNumber) {
      return UuidCreator.getTimeOrderedEpoch().toString();
    }

    @Override
    public List<String> getArgumentNames() {
      return List.of();
    }
  }
}

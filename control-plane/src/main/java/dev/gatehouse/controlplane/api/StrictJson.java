package dev.gatehouse.controlplane.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON bodies and refuses what readers disagree about: duplicate names, numbers beyond 64
 * bits, text after the document, bytes that are not UTF-8, and characters that PostgreSQL cannot
 * hold.
 */
final class StrictJson {
  /** Deepest nesting of a body. */
  static final int MAX_DEPTH = 32;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(64)
                          .maxNameLength(1024)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * @throws ProblemException {@code MALFORMED_JSON} if it is not JSON, {@code INVALID_BODY} if it is
   *     no object or holds a value that cannot be kept
   */
  static JsonObject parse(Buffer body) {
    Object value = read(body);
    if (!(value instanceof Map<?, ?> map)) {
      throw new ProblemException(
          Problem.INVALID_BODY, List.of(Fault.at("", "must be a JSON object")));
    }
    List<Fault> faults = new ArrayList<>();
    check("", map, faults);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    @SuppressWarnings("unchecked") // Jackson reads objects as maps of names
    Map<String, Object> object = (Map<String, Object>) map;
    return new JsonObject(object);
  }

  private static Object read(Buffer body) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
      return MAPPER.readValue(text, Object.class);
    } catch (CharacterCodingException e) {
      throw new ProblemException(Problem.MALFORMED_JSON, "the body is not UTF-8");
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      String place =
          where == null
              ? ""
              : " at line " + where.getLineNr() + ", column " + where.getColumnNr();
      throw new ProblemException(Problem.MALFORMED_JSON, e.getOriginalMessage() + place);
    }
  }

  private static void check(String pointer, Object value, List<Fault> faults) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach(
              (name, member) -> {
                String below = pointer + "/" + escape((String) name);
                check(below, name, faults);
                if (member != null) {
                  check(below, member, faults);
                }
              });
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          if (list.get(i) != null) {
            check(pointer + "/" + i, list.get(i), faults);
          }
        }
      }
      case String text when !isStorable(text) ->
          faults.add(Fault.at(pointer, "must not hold U+0000 or half a surrogate pair"));
      case Double number when !Double.isFinite(number) ->
          faults.add(Fault.at(pointer, "must be a number that fits 64 bits"));
      case BigInteger _ -> faults.add(Fault.at(pointer, "must be a number that fits 64 bits"));
      default -> {}
    }
  }

  /** Whether PostgreSQL can hold the text. */
  static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** A member's name as a token of a JSON pointer (RFC 6901). */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}

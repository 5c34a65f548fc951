package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How what gateways report, and are answered, is written and read as JSON. */
public final class ReportCodec {
  private static final Pattern GATEWAY = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("3000-01-01T00:00:00Z");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ReportCodec() {}

  /**
   * Refuses what cannot be the name of a gateway.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static void requireGateway(String name) {
    if (!GATEWAY.matcher(name).matches()) {
      throw new IllegalArgumentException("gateway must match " + GATEWAY);
    }
  }

  /**
   * Refuses a time that no clock shows: what is computed and written of times has bounds.
   *
   * @throws IllegalArgumentException if it is out of them
   */
  public static void requireTime(String name, Instant time) {
    if (time.isBefore(EARLIEST) || !time.isBefore(LATEST)) {
      throw new IllegalArgumentException(
          name + " must be between " + EARLIEST + " and " + LATEST + ", found " + time);
    }
  }

  /**
   * Refuses text with control characters: there is none in a name or a sentence, and not all of
   * them can be kept.
   *
   * @throws IllegalArgumentException if there is one
   */
  public static void requirePlain(String name, String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(name + " must have no control characters");
    }
  }

  /** A message as JSON. */
  public static byte[] encode(Object message) {
    try {
      return JSON.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a message can always be written", e);
    }
  }

  /**
   * Reads one; members that are not known are passed over.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static <T> T decode(byte[] json, Class<T> type) {
    try {
      T message = JSON.readValue(json, type);
      if (message == null) {
        throw new IllegalArgumentException("a message is no null");
      }
      return message;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(faultIn(e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }

  /** Where it is wrong and why; what the reader itself says would name classes. */
  private static String faultIn(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping)) {
      return e.getOriginalMessage();
    }
    String place =
        mapping.getPath().stream()
            .map(step -> "/" + Objects.requireNonNullElse(step.getFieldName(), step.getIndex()))
            .collect(Collectors.joining());
    String why =
        switch (mapping.getCause()) {
          case JsonProcessingException syntax -> syntax.getOriginalMessage();
          case IllegalArgumentException refusal -> String.valueOf(refusal.getMessage());
          case null, default -> "it is missing, or of another type than expected";
        };
    return place.isEmpty() ? why : "at " + place + ": " + why;
  }
}

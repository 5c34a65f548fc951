package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** Between {@link FeedMessage}s and lines of JSON. Stateless; any thread. */
public final class FeedCodec {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private FeedCodec() {}

  /** One line, without its line feed. */
  public static String encode(FeedMessage message) {
    ObjectNode line = JSON.createObjectNode();
    line.put("type", typeOf(message)).put("revision", message.revision());
    switch (message) {
      case FeedMessage.Upsert upsert ->
          line.put("kind", upsert.object().kind().wireName())
              .set("object", JSON.valueToTree(upsert.object()));
      case FeedMessage.Remove remove ->
          line.put("kind", remove.kind().wireName()).put("key", remove.key());
      case FeedMessage.Ask(ExplainQuestion question) ->
          line.set("question", JSON.valueToTree(question));
      case FeedMessage.SnapshotBegin _, FeedMessage.SnapshotEnd _, FeedMessage.Heartbeat _ -> {}
    }
    return line.toString();
  }

  /**
   * Reads one line.
   *
   * @throws MalformedFeedException if it is no feed message, or of an object that breaks its own
   *     rules
   */
  public static FeedMessage decode(byte[] line) throws MalformedFeedException {
    try {
      JsonNode json = JSON.readTree(line);
      long revision = revisionIn(json);
      String type = requiredText(json, "type");
      return switch (type) {
        case "snapshot-begin" -> new FeedMessage.SnapshotBegin(revision);
        case "snapshot-end" -> new FeedMessage.SnapshotEnd(revision);
        case "heartbeat" -> new FeedMessage.Heartbeat(revision);
        case "upsert" ->
            new FeedMessage.Upsert(
                revision, JSON.treeToValue(required(json, "object"), kindOf(json).type()));
        case "remove" -> new FeedMessage.Remove(revision, kindOf(json), requiredText(json, "key"));
        case "ask" ->
            new FeedMessage.Ask(
                JSON.treeToValue(required(json, "question"), ExplainQuestion.class));
        default -> throw new MalformedFeedException("unknown feed message type \"" + type + "\"");
      };
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException | IllegalArgumentException e) {
      throw new MalformedFeedException(String.valueOf(e.getMessage()));
    }
  }

  /** An object as JSON, as it stands in an {@link FeedMessage.Upsert}. */
  public static String encodeObject(EdgeObject object) {
    return JSON.valueToTree(object).toString();
  }

  /**
   * Reads {@link #encodeObject} back.
   *
   * @throws MalformedFeedException if the text is not such an object, or one that breaks its own
   *     rules; it says where
   */
  public static EdgeObject decodeObject(EdgeObject.Kind kind, String json)
      throws MalformedFeedException {
    try {
      return JSON.readValue(json, kind.type());
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  private static MalformedFeedException malformed(JsonProcessingException e) {
    // A rule of a record's own says better what is wrong than Jackson does around it.
    String message =
        e.getCause() instanceof IllegalArgumentException rule
            ? String.valueOf(rule.getMessage())
            : e.getOriginalMessage();
    StringBuilder pointer = new StringBuilder();
    if (e instanceof JsonMappingException mapping) {
      mapping.getPath().forEach(step -> pointer.append('/').append(token(step)));
    }
    return new MalformedFeedException(pointer.toString(), message);
  }

  private static String token(JsonMappingException.Reference step) {
    return step.getFieldName() == null
        ? Integer.toString(step.getIndex())
        : step.getFieldName().replace("~", "~0").replace("/", "~1");
  }

  private static String typeOf(FeedMessage message) {
    return switch (message) {
      case FeedMessage.SnapshotBegin _ -> "snapshot-begin";
      case FeedMessage.SnapshotEnd _ -> "snapshot-end";
      case FeedMessage.Upsert _ -> "upsert";
      case FeedMessage.Remove _ -> "remove";
      case FeedMessage.Heartbeat _ -> "heartbeat";
      case FeedMessage.Ask _ -> "ask";
    };
  }

  private static EdgeObject.Kind kindOf(JsonNode json) throws MalformedFeedException {
    return EdgeObject.Kind.fromWireName(requiredText(json, "kind"));
  }

  private static long revisionIn(JsonNode json) throws MalformedFeedException {
    JsonNode revision = required(json, "revision");
    if (!revision.isIntegralNumber() || !revision.canConvertToLong() || revision.asLong() < 0) {
      throw new MalformedFeedException("feed message's revision is no whole number from 0");
    }
    return revision.asLong();
  }

  private static String requiredText(JsonNode json, String field) throws MalformedFeedException {
    JsonNode value = required(json, field);
    if (!value.isTextual()) {
      throw new MalformedFeedException("feed message's \"" + field + "\" is no text");
    }
    return value.asText();
  }

  private static JsonNode required(JsonNode json, String field) throws MalformedFeedException {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      throw new MalformedFeedException("feed message has no \"" + field + "\"");
    }
    return value;
  }
}

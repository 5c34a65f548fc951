package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what came into an {@link ApiRequest}, or refuses it. */
final class RequestReader {
  private RequestReader() {}

  /**
   * @throws ProblemException for everything in the request that the document does not allow
   */
  static ApiRequest read(
      RequestParts parts, ApiOperation operation, Optional<Caller> caller, RequestOrigin origin) {
    Map<String, String> parameters = readParameters(parts, operation);
    JsonObject body = readBody(parts, operation);
    List<String> ifMatch = parts.header("If-Match");
    return new ApiRequest(
        operation,
        caller,
        Map.copyOf(parameters),
        body,
        ifMatch.isEmpty() ? Optional.empty() : Optional.of(String.join(",", ifMatch)),
        origin);
  }

  /**
   * The media type of a body that is read as it comes.
   *
   * @throws ProblemException {@code UNSUPPORTED_MEDIA_TYPE}
   */
  static String streamedType(RequestParts parts, ApiOperation operation) {
    String type = mediaType(parts);
    if (!operation.streamed().contains(type)) {
      throw unsupportedMediaType(parts, operation, operation.streamed());
    }
    return type;
  }

  private static Map<String, String> readParameters(RequestParts parts, ApiOperation operation) {
    List<Fault> faults = new ArrayList<>();
    for (String name : parts.queryNames()) {
      if (!operation.knowsQuery(name)) {
        faults.add(Fault.inParameter(name, "is not a parameter that is known here"));
      }
    }
    Map<String, String> values = new HashMap<>();
    for (ApiOperation.Parameter parameter : operation.parameters()) {
      List<String> found = found(parts, parameter);
      if (found.size() > 1) {
        faults.add(fault(parameter, "must be given once"));
      } else if (!found.isEmpty()) {
        faults.addAll(faultsOf(parameter, found.getFirst()));
        values.put(parameter.name(), found.getFirst());
      } else if (parameter.required()) {
        faults.add(fault(parameter, "is required"));
      }
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_PARAMETER, faults);
    }
    return values;
  }

  private static List<String> found(RequestParts parts, ApiOperation.Parameter parameter) {
    return switch (parameter.in()) {
      case "path" -> List.of(parts.path(parameter.name()));
      case "header" -> parts.header(parameter.name());
      default -> parts.query(parameter.name());
    };
  }

  private static Fault fault(ApiOperation.Parameter parameter, String detail) {
    return parameter.in().equals("header")
        ? Fault.inHeader(parameter.name(), detail)
        : Fault.inParameter(parameter.name(), detail);
  }

  private static List<Fault> faultsOf(ApiOperation.Parameter parameter, String text) {
    if (!StrictJson.isStorable(text)) {
      return List.of(fault(parameter, "must not hold U+0000"));
    }
    Object value = text;
    if (parameter.integer()) {
      if (!text.matches("-?[0-9]{1,9}")) {
        return List.of(fault(parameter, "must be a whole number, found \"" + text + "\""));
      }
      value = Integer.valueOf(text);
    }
    return parameter.check().faults(value).stream()
        .map(fault -> fault(parameter, fault.detail()))
        .toList();
  }

  private static JsonObject readBody(RequestParts parts, ApiOperation operation) {
    Buffer bytes = parts.body();
    if (operation.bodies().isEmpty() || (bytes.length() == 0 && !operation.bodyRequired())) {
      return new JsonObject();
    }
    SchemaCheck check = operation.bodies().get(mediaType(parts));
    if (check == null) {
      throw unsupportedMediaType(parts, operation, operation.bodies().keySet());
    }
    JsonObject body = StrictJson.parse(bytes);
    List<Fault> faults = check.faults(body);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    return body;
  }

  private static String mediaType(RequestParts parts) {
    requireNoCoding(parts);
    return contentType(parts)
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private static Optional<String> contentType(RequestParts parts) {
    return parts.header("Content-Type").stream().findFirst();
  }

  /** What is compressed is not unpacked (RFC 9110 section 15.5.16 says how to tell). */
  private static void requireNoCoding(RequestParts parts) {
    for (String coding : parts.header("Content-Encoding")) {
      if (!coding.strip().equalsIgnoreCase("identity")) {
        throw new ProblemException(
                Problem.UNSUPPORTED_MEDIA_TYPE,
                "the body must be sent as it is, found Content-Encoding " + coding)
            .withHeader("Accept-Encoding", "identity");
      }
    }
  }

  private static ProblemException unsupportedMediaType(
      RequestParts parts, ApiOperation operation, Set<String> types) {
    String expected = String.join(", ", types);
    return new ProblemException(
            Problem.UNSUPPORTED_MEDIA_TYPE,
            "Content-Type must be " + expected + ", found " + contentType(parts).orElse("none"))
        .withHeader(
            operation.method().equals(HttpMethod.PATCH) ? "Accept-Patch" : "Accept-Post", expected);
  }
}

package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonObject;

/**
 * One thing that is wrong with a request.
 *
 * @param place which part of the request {@code name} points into
 * @param name a JSON pointer (RFC 6901) into the body, or the name of a parameter or header
 * @param detail what was found and what is expected
 */
public record Fault(Place place, String name, String detail) {

  /** A fault in the body, at a JSON pointer; the empty pointer is the whole body. */
  public static Fault at(String pointer, String detail) {
    return new Fault(Place.POINTER, pointer, detail);
  }

  /** A fault in a path or query parameter. */
  public static Fault inParameter(String name, String detail) {
    return new Fault(Place.PARAMETER, name, detail);
  }

  /** A fault in a header. */
  public static Fault inHeader(String name, String detail) {
    return new Fault(Place.HEADER, name, detail);
  }

  JsonObject toJson() {
    String member =
        switch (place) {
          case POINTER -> "pointer";
          case PARAMETER -> "parameter";
          case HEADER -> "header";
        };
    return new JsonObject().put(member, name).put("detail", detail);
  }

  /** The parts of a request that can be wrong. */
  public enum Place {
    POINTER,
    PARAMETER,
    HEADER
  }
}

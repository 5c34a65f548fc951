package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;

/** Documents of the API as edge objects: both have one shape. */
public final class EdgeDocument {
  private EdgeDocument() {}

  /**
   * Reads a document by the contract, whose records know the rules that a schema cannot say.
   *
   * @param place where in the caller's body a part of the document stands, as JSON pointers
   * @throws ProblemException {@code INVALID_BODY} with the place of what breaks a rule
   */
  public static <T extends EdgeObject> T read(
      Class<T> type, EdgeObject.Kind kind, JsonObject document, UnaryOperator<String> place) {
    try {
      return type.cast(FeedCodec.decodeObject(kind, document.encode()));
    } catch (MalformedFeedException e) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at(place.apply(e.pointer()), "is refused: " + e.getMessage())));
    }
  }
}

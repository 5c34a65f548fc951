package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What gateways post: bodies that the contract says how to read. */
public final class ReportBody {
  private ReportBody() {}

  /**
   * Reads one, which must be from a gateway that the token of the request is for.
   *
   * @param what it must be, such as {@code a report}
   * @param reader throws an {@link IllegalArgumentException} where it is none
   * @param gateway from whom it says to be
   * @throws ProblemException {@code INVALID_BODY} or {@code FORBIDDEN}
   */
  public static <T> T read(
      RoutingContext context,
      String what,
      Function<byte[], T> reader,
      Function<T, String> gateway) {
    T report = read(context, what, reader);
    GatewayAuthentication.requireNamed(context, gateway.apply(report));
    return report;
  }

  private static <T> T read(RoutingContext context, String what, Function<byte[], T> reader) {
    byte[] body =
        Optional.ofNullable(context.body().buffer()).map(Buffer::getBytes).orElse(new byte[0]);
    try {
      return reader.apply(body);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.INVALID_BODY, List.of(Fault.at("", "must be " + what + ": " + e.getMessage())));
    }
  }
}

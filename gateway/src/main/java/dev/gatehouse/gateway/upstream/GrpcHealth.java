package dev.gatehouse.gateway.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two messages of {@code grpc.health.v1.Health/Check}, each in its gRPC frame: a byte for
 * compression, four for the length, then the Protocol Buffers message, which has one field.
 */
final class GrpcHealth {
  /** The method, as a path. */
  static final String PATH = "/grpc.health.v1.Health/Check";

  private static final int FRAME_HEADER = 5;

  /** Field 1, a text. */
  private static final byte SERVICE = 0x0A;

  /** Field 1, a number. */
  private static final byte STATUS = 0x08;

  private static final byte SERVING = 1;

  private GrpcHealth() {}

  /**
   * The question.
   *
   * @param service name; the whole server if empty
   */
  static Buffer question(String service) {
    Buffer message = Buffer.buffer();
    if (!service.isEmpty()) {
      byte[] name = service.getBytes(StandardCharsets.UTF_8);
      message.appendByte(SERVICE);
      appendVarint(message, name.length);
      message.appendBytes(name);
    }
    return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
  }

  /** What the answer says is wrong; empty if nothing is. */
  static Optional<String> verdict(HttpClientResponse response, Buffer body) {
    if (response.statusCode() != 200) {
      return Optional.of("answered " + response.statusCode() + ", expected 200 of a gRPC server");
    }
    String status = grpcStatus(response);
    if (!"0".equals(status)) {
      return Optional.of("gRPC status is " + status + ", expected 0");
    }
    boolean serving =
        body.length() == FRAME_HEADER + 2
            && body.getByte(FRAME_HEADER) == STATUS
            && body.getByte(FRAME_HEADER + 1) == SERVING;
    return serving ? Optional.empty() : Optional.of("gRPC health is not SERVING");
  }

  private static @Nullable String grpcStatus(HttpClientResponse response) {
    String trailer = response.getTrailer("grpc-status");
    return trailer != null ? trailer : response.getHeader("grpc-status");
  }

  private static void appendVarint(Buffer buffer, int number) {
    int rest = number;
    while (rest > 0x7F) {
      buffer.appendByte((byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.appendByte((byte) rest);
  }
}

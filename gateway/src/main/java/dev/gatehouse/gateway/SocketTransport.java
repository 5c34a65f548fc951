package dev.gatehouse.gateway;

import io.vertx.core.transport.Transport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway speaks to the kernel. See docs/decisions: io_uring costs a quarter less CPU than
 * epoll for each request, where the kernel has it and the container does not forbid it.
 */
public enum SocketTransport {
  /** The first of the others that is to be had. */
  AUTO,
  /** Linux io_uring. */
  IO_URING,
  /** Linux epoll. */
  EPOLL,
  /** Java NIO; everywhere. */
  NIO;

  /**
   * The transport itself.
   *
   * @throws GatewayStartException if this machine does not have it; with the reason
   */
  Transport resolve() {
    return switch (this) {
      case AUTO ->
          Stream.of(IO_URING, EPOLL, NIO)
              .map(SocketTransport::library)
              .filter(library -> library != null && library.available())
              .findFirst()
              .orElse(Transport.NIO);
      case IO_URING, EPOLL, NIO -> requireAvailable(library());
    };
  }

  /** Null where its library is not on the class path. */
  private @Nullable Transport library() {
    return switch (this) {
      case IO_URING -> Transport.IO_URING;
      case EPOLL -> Transport.EPOLL;
      case NIO, AUTO -> Transport.NIO;
    };
  }

  private Transport requireAvailable(@Nullable Transport library) {
    if (library == null || !library.available()) {
      throw GatewayStartException.transportUnavailable(
          this, library == null ? "its library is missing" : library.unavailabilityCause());
    }
    return library;
  }
}

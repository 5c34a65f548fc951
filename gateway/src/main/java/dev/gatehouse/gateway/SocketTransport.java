package dev.gatehouse.gateway;

import io.vertx.core.transport.Transport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway speaks to the kernel. See docs/decisions: io_uring costs a quarter less CPU than
 * epoll for each request, where the kernel has it and the container does not forbid it.
 */
public enum SocketTransport {
  /** The first of the others that can be had. */
  AUTO(null),
  /** Linux io_uring. */
  IO_URING(Transport.IO_URING),
  /** Linux epoll. */
  EPOLL(Transport.EPOLL),
  /** Java NIO; everywhere. */
  NIO(Transport.NIO);

  private final @Nullable Transport transport;

  SocketTransport(@Nullable Transport transport) {
    this.transport = transport;
  }

  /**
   * The transport itself.
   *
   * @throws GatewayStartException if this machine does not have it; with the reason
   */
  Transport resolve() {
    if (this == AUTO) {
      return Stream.of(Transport.IO_URING, Transport.EPOLL)
          .filter(candidate -> candidate != null && candidate.available())
          .findFirst()
          .orElse(Transport.NIO);
    }
    if (transport == null || !transport.available()) {
      throw GatewayStartException.transportUnavailable(
          this, transport == null ? "no library" : transport.unavailabilityCause());
    }
    return transport;
  }
}

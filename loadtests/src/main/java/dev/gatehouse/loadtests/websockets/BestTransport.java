package dev.gatehouse.loadtests.websockets;

import io.vertx.core.transport.Transport;
import java.util.Objects;
import java.util.stream.Stream;

/** The same way to the kernel for all: the one that the gateway takes where it may choose. */
final class BestTransport {
  private BestTransport() {}

  static Transport find() {
    return Stream.of(Transport.IO_URING, Transport.EPOLL)
        .filter(Objects::nonNull)
        .filter(Transport::available)
        .findFirst()
        .orElse(Transport.NIO);
  }
}

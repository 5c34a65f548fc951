package dev.gatehouse.loadtests.handshake;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Shakes hands between two engines in the calling thread, and counts what the server's one costs in
 * CPU time: neither what the client does nor what the machine gives to others is in it.
 */
final class Handshake {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer application = ByteBuffer.allocate(1 << 16);

  /** Shakes hands; nanoseconds of CPU time that the server spent on it. */
  long between(SSLEngine client, SSLEngine server) throws SSLException {
    toServer.clear();
    toClient.clear();
    application.clear();
    client.beginHandshake();
    server.beginHandshake();
    long spent = 0;
    while (isShaking(client) || isShaking(server)) {
      step(client, toServer, toClient);
      long before = THREADS.getCurrentThreadCpuTime();
      step(server, toClient, toServer);
      spent += THREADS.getCurrentThreadCpuTime() - before;
    }
    return spent;
  }

  private static boolean isShaking(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
      }
      case NEED_WRAP -> {
        SSLEngineResult _ = engine.wrap(NOTHING, out);
      }
      default -> {
        in.flip();
        if (in.hasRemaining()) {
          SSLEngineResult _ = engine.unwrap(in, application);
        }
        in.compact();
      }
    }
  }
}

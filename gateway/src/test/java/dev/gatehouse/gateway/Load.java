package dev.gatehouse.gateway;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Clients that send one request after the other, without a pause and without trying any again, over
 * connections that they keep until a response says that it is the last.
 */
final class Load implements AutoCloseable {
  private final TestTenant tenant;
  private final IntSupplier port;
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean stopping;

  /**
   * @param port where the next connection goes
   */
  Load(int clientCount, TestTenant tenant, IntSupplier port) {
    this.tenant = tenant;
    this.port = port;
    for (int i = 0; i < clientCount; i++) {
      clients.execute(this::run);
    }
  }

  private void run() {
    while (!stopping) {
      connections.incrementAndGet();
      try (RawClient client = new RawClient(port.getAsInt())) {
        boolean last = false;
        while (!stopping && !last) {
          client.write(
              "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n\r\n"
                  .formatted(tenant.host(), tenant.key().reveal()));
          Response response = client.read();
          answers.incrementAndGet();
          last = response.header("Connection").equals("close");
          if (response.status() != 200) {
            failures.add(response.toString());
          }
        }
      } catch (IOException | RuntimeException e) {
        failures.add(e.toString());
      }
    }
  }

  /** Waits until that many more requests have been answered. */
  void awaitAnswers(int more) {
    int wanted = answers.get() + more;
    while (answers.get() < wanted && failures.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  /** What went wrong. */
  List<String> failures() {
    return failures;
  }

  /** How many connections were opened. */
  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    stopping = true;
    clients.close();
  }
}

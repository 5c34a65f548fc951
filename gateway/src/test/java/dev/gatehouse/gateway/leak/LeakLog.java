package dev.gatehouse.gateway.leak;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what Netty's leak detector says until it is asked for. */
public final class LeakLog extends AppenderBase<ILoggingEvent> {
  /** Vert.x 5.0.12 copies the debug data of each GOAWAY that it receives and lets the copy go. */
  private static final String OF_VERTX = "io.vertx.core.http.GoAway.<init>";

  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  @Override
  protected void append(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    if (message.contains("LEAK:") && !message.contains(OF_VERTX)) {
      LEAKS.add(message);
    }
  }

  /** All leaks that were reported since the last call. */
  static List<String> take() {
    List<String> taken = new ArrayList<>();
    for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
      taken.add(leak);
    }
    return taken;
  }
}

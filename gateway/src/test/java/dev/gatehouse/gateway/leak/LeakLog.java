package dev.gatehouse.gateway.leak;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what Netty's leak detector says until it is asked for. */
public final class LeakLog extends AppenderBase<ILoggingEvent> {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  @Override
  protected void append(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    if (message.contains("LEAK:")) {
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

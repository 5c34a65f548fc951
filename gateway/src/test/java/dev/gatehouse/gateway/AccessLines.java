package dev.gatehouse.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The lines of the access log, from its making to its end; those of other tests come, too. */
final class AccessLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger log = (Logger) LoggerFactory.getLogger("dev.gatehouse.access");
  private final List<JsonObject> lines = new CopyOnWriteArrayList<>();

  AccessLines() {
    setContext(log.getLoggerContext());
    start();
    log.addAppender(this);
    log.setLevel(Level.INFO);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(new JsonObject(event.getFormattedMessage()));
  }

  /** Those of requests for a host, once there are so many. */
  List<JsonObject> of(String host, int count) throws Exception {
    Eventually.holds(() -> at(host).size() >= count);
    return at(host);
  }

  private List<JsonObject> at(String host) {
    return lines.stream().filter(line -> line.getString("host").startsWith(host)).toList();
  }

  @Override
  public void close() {
    log.setLevel(Level.WARN);
    log.detachAppender(this);
    stop();
  }
}

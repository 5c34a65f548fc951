package dev.gatehouse.gateway.limit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged about the connections to Redis while this is open. */
final class LinkLog implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(RedisLink.class);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  LinkLog() {
    // Written by event loops, read by the test.
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger.addAppender(appender);
  }

  List<Level> levels() {
    return appender.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  List<String> messages() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    appender.stop();
  }
}

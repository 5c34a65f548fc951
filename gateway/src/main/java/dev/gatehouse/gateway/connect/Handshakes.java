package dev.gatehouse.gateway.connect;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handshakes of TLS that are under way, the oldest first. Where there are too many, those who stall
 * make room for those who come; but not before they have had a second, or a crowd of honest clients
 * would push itself out. Any thread.
 */
final class Handshakes {
  static final long SPARED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Channel, Long> since = new LinkedHashMap<>();
  private final int most;

  /**
   * @param most how many may be under way
   */
  Handshakes(int most) {
    this.most = most;
  }

  /**
   * One more.
   *
   * @return what must be closed for it, itself perhaps; null if there is room
   */
  synchronized @Nullable Channel begin(Channel client, long nowNanos) {
    Channel pushedOut = null;
    if (since.size() >= most) {
      Iterator<Entry<Channel, Long>> oldestFirst = since.entrySet().iterator();
      Entry<Channel, Long> oldest = oldestFirst.next();
      if (nowNanos - oldest.getValue() < SPARED_NANOS) {
        return client;
      }
      pushedOut = oldest.getKey();
      oldestFirst.remove();
    }
    since.put(client, nowNanos);
    return pushedOut;
  }

  /** One is done, or its client gone. */
  synchronized void end(Channel client) {
    since.remove(client);
  }

  synchronized int size() {
    return since.size();
  }
}

package dev.gatehouse.gateway.admit;

import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.MultiMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;

/** Headers as the codec holds them, where it lets us: nothing is hashed or made into a string. */
final class HeaderPairs {
  private HeaderPairs() {}

  static void forEach(MultiMap headers, BiConsumer<CharSequence, CharSequence> action) {
    if (headers instanceof HttpHeaders held) {
      Iterator<Map.Entry<CharSequence, CharSequence>> entries = held.iteratorCharSequence();
      while (entries.hasNext()) {
        Map.Entry<CharSequence, CharSequence> entry = entries.next();
        action.accept(entry.getKey(), entry.getValue());
      }
    } else {
      headers.forEach((name, value) -> action.accept(name, value));
    }
  }
}

package dev.gatehouse.gateway.upstream;

import io.netty.util.NetUtil;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server (RFC 1035) on UDP that knows what a test tells it. Answers A and AAAA. */
public final class DnsServer implements AutoCloseable {
  private static final int NO_SUCH_NAME = 3;
  private static final int SERVER_FAILURE = 2;
  private static final int HEADER = 12;

  private static final int A = 1;

  final AtomicInteger questions = new AtomicInteger();

  /** When it was asked for IPv4 addresses, on the clock of nanoTime. */
  final List<Long> askedAt = new CopyOnWriteArrayList<>();

  private final Vertx vertx = Vertx.vertx();
  private final DatagramSocket socket = vertx.createDatagramSocket();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private volatile boolean failing;

  public DnsServer() {
    socket.handler(this::answer);
    socket.listen(0, "127.0.0.1").await();
  }

  public String address() {
    return "127.0.0.1:" + socket.localAddress().port();
  }

  public void put(String name, int ttl, String... addresses) {
    answers.put(name, new Answer(ttl, List.of(addresses)));
  }

  void fail(boolean fails) {
    failing = fails;
  }

  private void answer(DatagramPacket packet) {
    questions.incrementAndGet();
    Buffer query = packet.data();
    StringBuilder name = new StringBuilder();
    int at = HEADER;
    while (query.getByte(at) != 0) {
      int length = query.getUnsignedByte(at);
      name.append(name.isEmpty() ? "" : ".").append(query.getString(at + 1, at + 1 + length));
      at += 1 + length;
    }
    int type = query.getUnsignedShort(at + 1);
    if (type == A) {
      askedAt.add(System.nanoTime());
    }
    Answer known = answers.get(name.toString());
    int code = failing ? SERVER_FAILURE : known == null ? NO_SUCH_NAME : 0;
    List<byte[]> records =
        code != 0 || known == null
            ? List.of()
            : known.addresses.stream()
                .map(NetUtil::createByteArrayFromIpAddressString)
                .filter(bytes -> bytes.length == (type == A ? 4 : 16))
                .toList();
    Buffer response =
        Buffer.buffer()
            .appendBuffer(query.getBuffer(0, 2))
            .appendUnsignedShort(0x8180 | code)
            .appendUnsignedShort(1)
            .appendUnsignedShort(records.size())
            .appendInt(0)
            .appendBuffer(query.getBuffer(HEADER, at + 5));
    for (byte[] record : records) {
      response
          .appendUnsignedShort(0xC000 | HEADER)
          .appendUnsignedShort(type)
          .appendUnsignedShort(1)
          .appendInt(known == null ? 0 : known.ttl)
          .appendUnsignedShort(record.length)
          .appendBytes(record);
    }
    socket.send(response, packet.sender().port(), packet.sender().host());
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private record Answer(int ttl, List<String> addresses) {}
}

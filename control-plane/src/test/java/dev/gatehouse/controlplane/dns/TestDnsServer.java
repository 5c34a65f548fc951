package dev.gatehouse.controlplane.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A recursive DNS server on loopback that knows what a test tells it, by UDP (512 bytes, RFC 1035
 * section 4.2.1) and TCP at one port. Its messages are read and written by dnsjava.
 */
public final class TestDnsServer implements AutoCloseable {
  private static final int UDP_BYTES = 512;
  private static final long TTL = 60;

  /** How many questions came by TCP. */
  public final AtomicInteger overTcp = new AtomicInteger();

  private final Map<Name, List<Record>> zone = new ConcurrentHashMap<>();
  private final Map<Name, Integer> codes = new ConcurrentHashMap<>();
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private volatile boolean followsAliases = true;

  private TestDnsServer(DatagramSocket udp, ServerSocket tcp) {
    this.udp = udp;
    this.tcp = tcp;
    Thread.ofVirtual().start(this::serveUdp);
    Thread.ofVirtual().start(this::serveTcp);
  }

  /** Starts one at a free port. */
  public static TestDnsServer start() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int attempt = 0; ; attempt++) {
      try {
        ServerSocket tcp = new ServerSocket(0, 50, loopback);
        try {
          return new TestDnsServer(
              new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort())), tcp);
        } catch (IOException e) {
          tcp.close(); // The port is taken for UDP.
          if (attempt == 20) {
            throw e;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Where it listens, as {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + tcp.getLocalPort();
  }

  /** Sets the TXT records of a name, in place of those that it has; none to take them away. */
  public void txt(String name, String... texts) {
    Name at = name(name);
    set(
        at,
        Type.TXT,
        Arrays.stream(texts)
            .<Record>map(t -> new TXTRecord(at, DClass.IN, TTL, parts(t)))
            .toList());
  }

  /** Sets the addresses of a name, in place of those that it has; none to take them away. */
  public void addresses(String name, String... addresses) {
    Name at = name(name);
    List<Record> records =
        Arrays.stream(addresses)
            .map(InetAddress::ofLiteral)
            .<Record>map(address ->
                address.getAddress().length == 4
                    ? new ARecord(at, DClass.IN, TTL, address)
                    : new AAAARecord(at, DClass.IN, TTL, address))
            .toList();
    set(at, Type.A, records.stream().filter(r -> r.getType() == Type.A).toList());
    set(at, Type.AAAA, records.stream().filter(r -> r.getType() == Type.AAAA).toList());
  }

  /** Makes a name an alias of another. */
  public void cname(String name, String target) {
    Name at = name(name);
    set(at, Type.CNAME, List.of(new CNAMERecord(at, DClass.IN, TTL, name(target))));
  }

  /** Answers questions for a name with this code, whatever it has: see {@link Rcode}. */
  public void code(String name, int code) {
    codes.put(name(name), code);
  }

  /** Answers questions for a name by what it has again. */
  public void recover(String name) {
    codes.remove(name(name));
  }

  /** Whether answers hold what an alias leads to, as those of most servers do. */
  public void followAliases(boolean follow) {
    followsAliases = follow;
  }

  private void set(Name name, int type, List<Record> records) {
    List<Record> all = zone.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>());
    all.removeIf(record -> record.getType() == type);
    all.addAll(records);
    if (all.isEmpty()) {
      zone.remove(name);
    }
  }

  private Message answer(Message query) {
    Record question = query.getQuestion();
    Message response = new Message(query.getHeader().getID());
    response.getHeader().setFlag(Flags.QR);
    response.getHeader().setFlag(Flags.RD);
    response.getHeader().setFlag(Flags.RA);
    response.addRecord(question, Section.QUESTION);
    Name wanted = question.getName();
    int code =
        codes.getOrDefault(wanted, zone.containsKey(wanted) ? Rcode.NOERROR : Rcode.NXDOMAIN);
    response.getHeader().setRcode(code);
    if (code == Rcode.NOERROR) {
      addRecords(response, wanted, question.getType(), 10);
    }
    return response;
  }

  private void addRecords(Message response, Name name, int type, int aliases) {
    for (Record record : zone.getOrDefault(name, List.of())) {
      if (record.getType() == type) {
        response.addRecord(record, Section.ANSWER);
      } else if (record instanceof CNAMERecord alias) {
        response.addRecord(record, Section.ANSWER);
        if (followsAliases && aliases > 0) {
          addRecords(response, alias.getTarget(), type, aliases - 1);
        }
      }
    }
  }

  private void serveUdp() {
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        byte[] wire = answer(query).toWire(UDP_BYTES);
        udp.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
      }
    } catch (IOException _) {
      // It has been closed.
    }
  }

  private void serveTcp() {
    try {
      while (true) {
        Socket socket = tcp.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // It has been closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        overTcp.incrementAndGet();
        byte[] wire = answer(new Message(query)).toWire();
        out.writeShort(wire.length);
        out.write(wire);
        out.flush();
      }
    } catch (IOException _) {
      // The client has gone.
    }
  }

  /** A string of a TXT record holds 255 bytes at most. */
  private static List<String> parts(String text) {
    return text.length() <= 255
        ? List.of(text)
        : List.of(text.substring(0, 255), text.substring(255));
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text.endsWith(".") ? text : text + ".");
    } catch (TextParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    try {
      udp.close();
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

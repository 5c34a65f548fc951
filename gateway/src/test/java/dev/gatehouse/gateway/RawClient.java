package dev.gatehouse.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 by hand on a socket: sends exactly the bytes that it is given. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  public RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** On a connection that is there already, such as one of TLS. */
  public RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
  }

  /** One for which the kernel keeps little of what it has not read. */
  static RawClient withSmallBuffer(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(RawUpstream.SMALL_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RawClient(socket);
  }

  /** One response. */
  public record Response(int status, List<String> headers, String body) {
    public String header(String name) {
      return headers.stream()
          .filter(
              line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  /** Sends one request on a connection of its own; lines are ended with CRLF. */
  public static Response send(int port, String... lines) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.write(String.join("\r\n", lines) + "\r\n\r\n");
      return client.read();
    }
  }

  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  public Response read() throws IOException {
    Response head = readHead();
    return new Response(head.status, head.headers, body(socket.getInputStream(), head));
  }

  /** The answer to HEAD. */
  public Response readHead() throws IOException {
    InputStream in = socket.getInputStream();
    String statusLine = line(in);
    List<String> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    return new Response(Integer.parseInt(statusLine.substring(9, 12)), headers, "");
  }

  /** The socket itself, for what is not HTTP any more. */
  Socket socket() {
    return socket;
  }

  /** The next byte; negative if there is none. */
  int readByte() throws IOException {
    return socket.getInputStream().read();
  }

  /** Whether the other side has closed the connection, after what it sent has been read. */
  public boolean isClosedByPeer() throws IOException {
    byte[] some = new byte[8192];
    try {
      while (socket.getInputStream().read(some) >= 0) {
        // What comes before the end does not matter.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private static String body(InputStream in, Response head) throws IOException {
    if (head.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
      StringBuilder body = new StringBuilder();
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        body.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
        line(in);
      }
      line(in);
      return body.toString();
    }
    String length = head.header("Content-Length");
    byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
    if (!length.isEmpty() && body.length < Integer.parseInt(length)) {
      throw new IOException("the connection ended after " + body.length + " bytes of body");
    }
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended after \"" + line + "\"");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

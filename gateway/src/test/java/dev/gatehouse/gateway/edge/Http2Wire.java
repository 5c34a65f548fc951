package dev.gatehouse.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/2 in the clear by hand: sends exactly what it is told to, valid or not. */
final class Http2Wire implements AutoCloseable {
  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int PRIORITY_FRAME = 0x2;
  static final int RST_STREAM = 0x3;
  static final int SETTINGS = 0x4;
  static final int PING = 0x6;
  static final int GOAWAY = 0x7;
  static final int WINDOW_UPDATE = 0x8;
  static final int CONTINUATION = 0x9;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;

  static final int ACK = 0x1;

  private static final int PRIORITY = 0x20;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  /** One frame of the gateway's. */
  record Frame(int type, int flags, int stream, ByteBuf payload) {}

  /** Says hello on a new connection, with these settings. */
  Http2Wire(Socket socket, byte... settings) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(SETTINGS, 0, 0, settings);
  }

  void send(int type, int flags, int stream, byte... payload) throws IOException {
    out.write(frame(type, flags, stream, payload));
  }

  static byte[] frame(int type, int flags, int stream, byte... payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(9 + payload.length);
    DataOutputStream fields = new DataOutputStream(frame);
    fields.write(payload.length >>> 16);
    fields.writeShort(payload.length);
    fields.write(type);
    fields.write(flags);
    fields.writeInt(stream);
    fields.write(payload);
    return frame.toByteArray();
  }

  /** The next frame, after what must be acknowledged was; null at the end. */
  @Nullable Frame read() throws IOException {
    try {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      int length = (first << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      ByteBuf payload = Unpooled.wrappedBuffer(in.readNBytes(length));
      if (type == SETTINGS && (flags & ACK) == 0) {
        send(SETTINGS, ACK, 0);
      }
      return new Frame(type, flags, stream, payload);
    } catch (SocketException e) {
      return null;
    }
  }

  /**
   * How it goes on with a stream: the status of its answer, or {@code reset}, or {@code goaway} or
   * {@code closed} where it goes on with none.
   */
  String outcome(int stream) throws IOException, Http2Exception {
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.type == GOAWAY) {
        return "goaway";
      }
      if (frame.stream == stream && frame.type == RST_STREAM) {
        return "reset";
      }
      if (frame.type == HEADERS) {
        String status = statusIn(frame);
        if (frame.stream == stream) {
          return status;
        }
      }
    }
    return "closed";
  }

  /** Of a whole head. Every one must be read that comes: the next one may refer to it. */
  String statusIn(Frame frame) throws Http2Exception {
    // The priority comes first, if there is one (section 6.2).
    int start = (frame.flags & PRIORITY) == 0 ? 0 : 5;
    ByteBuf block = frame.payload.skipBytes(start);
    Http2Headers head = headers.decodeHeaders(frame.stream, block);
    return String.valueOf(head.status());
  }

  /** A header block in which nothing is compressed (RFC 7541 section 6.2.2). */
  static byte[] block(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      writeText(block, namesAndValues[i]);
      writeText(block, namesAndValues[i + 1]);
    }
    return block.toByteArray();
  }

  private static void writeText(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>>= 7) {
        block.write((rest & 0x7f) | 0x80);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** Both blocks, one after the other. */
  static byte[] joined(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

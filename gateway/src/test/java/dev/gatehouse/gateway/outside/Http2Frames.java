package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.outside.FaultyUpstream.Connection;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * HTTP/2 by hand on a connection of the gateway's (RFC 9113): writes exactly what it is told to.
 */
final class Http2Frames {
  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int CONTINUATION = 0x9;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;

  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int GOAWAY = 0x7;
  private static final int PREFACE_LENGTH = 24;

  /** {@code :status: 200} of HPACK's static table. */
  private static final byte OK = (byte) 0x88;

  private final DataInputStream in;
  private final DataOutputStream out;

  /** Exchanges the prefaces. */
  Http2Frames(Connection connection) throws IOException {
    in = new DataInputStream(connection.socket().getInputStream());
    out = new DataOutputStream(connection.socket().getOutputStream());
    in.readNBytes(PREFACE_LENGTH);
    send(SETTINGS, 0, 0);
  }

  /** Reads up to the head of the next request, and gives the number of its stream. */
  int awaitRequest() throws IOException {
    while (true) {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      in.skipNBytes(length);
      if (type == SETTINGS && flags == 0) {
        send(SETTINGS, 0x1, 0);
      } else if (type == HEADERS) {
        return stream;
      }
    }
  }

  void send(int type, int flags, int stream, byte... payload) throws IOException {
    out.write(payload.length >>> 16);
    out.writeShort(payload.length);
    out.write(type);
    out.write(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  /** The head of a response with status 200, which goes on. */
  void sendHead(int stream, String... namesAndValues) throws IOException {
    send(HEADERS, END_HEADERS, stream, block(namesAndValues));
  }

  /** Says what was wrong with a stream. */
  void reset(int stream, int error) throws IOException {
    send(RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) error);
  }

  /** Takes no stream after this one, without an error. */
  void goAway(int lastStream, String debugData) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(payload);
    fields.writeInt(lastStream);
    fields.writeInt(0);
    fields.write(bytes(debugData));
    send(GOAWAY, 0, 0, payload.toByteArray());
  }

  /** A whole response. */
  void answer(int stream, String body) throws IOException {
    sendHead(stream);
    send(DATA, END_STREAM, stream, bytes(body));
  }

  /** A header block in which nothing is compressed (RFC 7541 section 6.2.2). */
  static byte[] block(String... namesAndValues) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(OK);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      for (String text : new String[] {namesAndValues[i], namesAndValues[i + 1]}) {
        block.write(text.length());
        block.write(bytes(text));
      }
    }
    return block.toByteArray();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}

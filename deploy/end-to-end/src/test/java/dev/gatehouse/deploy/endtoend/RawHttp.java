package dev.gatehouse.deploy.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests as bytes, so that nothing corrects them on their way. */
final class RawHttp {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int port;

  RawHttp(int port) {
    this.port = port;
  }

  /** An answer, headers and body together. */
  record Answer(int status, String text) {
    /** The body as JSON, however it was framed. */
    JsonNode json() throws IOException {
      return JSON.readTree(text.substring(text.indexOf('{'), text.lastIndexOf('}') + 1));
    }
  }

  /** Gets a path; the headers are lines that end with CRLF. */
  Answer get(String host, String path, String headers) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers, "");
  }

  /** Sends a request with whatever framing its headers say. */
  Answer send(String requestLineAndHeaders, String body) throws IOException {
    try (Socket socket = connect()) {
      write(socket, requestLineAndHeaders + "Connection: close\r\n\r\n" + body);
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(Integer.parseInt(text.substring(9, 12)), text);
    }
  }

  /** Opens a WebSocket and returns its first message; throws if the upgrade is refused. */
  String firstMessage(String host, String path, String headers) throws IOException {
    try (Socket socket = connect()) {
      write(
          socket,
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  .formatted(path, host)
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + headers
              + "\r\n");
      DataInputStream in = new DataInputStream(socket.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      if (!head.toString().startsWith("HTTP/1.1 101")) {
        throw new IOException("refused: " + head);
      }
      in.readUnsignedByte();
      int length = in.readUnsignedByte();
      return new String(
          in.readNBytes(length == 126 ? in.readUnsignedShort() : length), StandardCharsets.UTF_8);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }
}

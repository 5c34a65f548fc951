package dev.gatehouse.deploy.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.redis.RedisConfig;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A few commands to Redis (RESP2), without what a client for many needs. Blocks. */
final class RedisSocket implements AutoCloseable {
  private static final int USUAL_PORT = 6379;
  private static final int TIMEOUT_MILLIS = 3000;
  private static final int LONGEST = 1 << 20;

  private final Socket socket;
  private final InputStream in;

  private RedisSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static int portOf(URI url) {
    return url.getPort() < 0 ? USUAL_PORT : url.getPort();
  }

  /**
   * Connects and logs in.
   *
   * @throws IOException if it cannot be reached, or refuses the login
   */
  static RedisSocket open(RedisConfig at) throws IOException {
    URI url = at.url();
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(url.getHost(), portOf(url)), TIMEOUT_MILLIS);
      if ("rediss".equals(url.getScheme())) {
        socket = withTls(socket, at);
      }
      RedisSocket redis = new RedisSocket(socket);
      redis.logIn(Optional.ofNullable(url.getRawUserInfo()).orElse(""));
      return redis;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** As the gateway does it: the certificate must be for the host of the URL. */
  private static Socket withTls(Socket socket, RedisConfig at) throws IOException {
    SSLSocketFactory factory =
        TlsContext.of(at.trust(), at.certificate(), at.key()).getSocketFactory();
    URI url = at.url();
    SSLSocket tls = (SSLSocket) factory.createSocket(socket, url.getHost(), portOf(url), true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private void logIn(String userInfo) throws IOException {
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
    if (!password.isEmpty()) {
      String _ = user.isEmpty() ? ask("AUTH", password) : ask("AUTH", user, password);
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  /**
   * The answer; of a list, an item a line.
   *
   * @throws IOException if there is none, or it is an error
   */
  String ask(String... command) throws IOException {
    StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
    for (String word : command) {
      request.append('$').append(word.getBytes(UTF_8).length).append("\r\n");
      request.append(word).append("\r\n");
    }
    socket.getOutputStream().write(request.toString().getBytes(UTF_8));
    return reply();
  }

  private String reply() throws IOException {
    String line = line();
    String rest = line.isEmpty() ? "" : line.substring(1);
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+', ':' -> rest;
      case '-' -> throw new IOException(rest);
      case '$' -> text(length(rest));
      case '*' -> {
        StringBuilder items = new StringBuilder();
        for (int left = length(rest); left > 0; left--) {
          items.append(reply()).append('\n');
        }
        yield items.toString();
      }
      default -> throw new IOException("what answers is not Redis");
    };
  }

  private static int length(String digits) throws IOException {
    try {
      int length = Integer.parseInt(digits);
      if (length <= LONGEST) {
        return length;
      }
    } catch (NumberFormatException _) {
      // It is said below.
    }
    throw new IOException("what answers is not Redis");
  }

  private String text(int length) throws IOException {
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length);
    String _ = line();
    return new String(bytes, UTF_8);
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0 || bytes.size() > LONGEST) {
        throw new EOFException("it ends the connection");
      }
      bytes.write(next);
    }
    return bytes.toString(UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

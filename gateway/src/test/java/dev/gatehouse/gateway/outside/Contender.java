package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A proxy that odd requests are sent to, one after the other, and what arrives behind it.
 *
 * @param key the credential that the gateway asks for; to others it is a header
 * @param prefix of the paths that lead to the upstream
 */
record Contender(String name, int port, Wiretap upstream, String host, String key, String prefix) {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");
  private static final AtomicInteger MARKERS = new AtomicInteger();

  /**
   * What became of a request, and of the proper one that was sent right behind it.
   *
   * @param arrived whole requests; what was begun and broken off reaches no application as one
   * @param malformed what no proxy may send
   */
  record Outcome(
      List<Integer> statuses, List<ArrivedRequest> arrived, List<ArrivedRequest> malformed) {
    /**
     * Whether this lets something come through that another proxy refuses, or as another request.
     */
    boolean isLaxerThan(Outcome other) {
      if (!malformed.isEmpty() || arrived.size() > other.arrived.size()) {
        return true;
      }
      for (int i = 0; i < arrived.size(); i++) {
        if (!arrived.get(i).isSameAs(other.arrived.get(i))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return "answers " + statuses + ", forwards " + arrived + malformed;
    }
  }

  /**
   * Sends it with a proper request behind it.
   *
   * @param patience how long the proxy may be silent; one that waits for more is not waited for
   */
  Outcome send(OddRequest odd, int number, int patience) throws Exception {
    String path = prefix + "/" + number + "/";
    String next = "GET PATHnext HTTP/1.1\r\nHEAD\r\nConnection: close\r\n\r\n";
    List<Integer> statuses = exchange(filled(odd.bytes() + next, path), patience);
    String marker = "marker-" + MARKERS.incrementAndGet() + "-";
    String request = "GET PATH HTTP/1.1\r\nHEAD\r\nConnection: close\r\n\r\n";
    assertThat(exchange(filled(request, prefix + "/" + marker), 10_000))
        .as("%s, after %s", name, odd.name())
        .containsExactly(200);
    List<ArrivedRequest> all = upstream.takeUntil(marker);
    return new Outcome(
        statuses,
        all.stream().filter(ArrivedRequest::isWhole).toList(),
        all.stream().filter(a -> a.state() == ArrivedRequest.State.MALFORMED).toList());
  }

  private String filled(String text, String path) {
    return text.replace("PATH", path)
        .replace("HEAD\r\n", "Host: TENANT\r\nKEY\r\n")
        .replace("KEY", key)
        .replace("TENANT", host);
  }

  private List<Integer> exchange(String bytes, int patience) throws IOException {
    StringBuilder answers = new StringBuilder();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(patience);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      byte[] some = new byte[8192];
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        answers.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketTimeoutException | SocketException e) {
      // It waits for more, or has ended the connection.
    }
    return STATUS
        .matcher(answers)
        .results()
        .map(m -> Integer.parseInt(m.group(1)))
        .filter(status -> status >= 200)
        .toList();
  }
}

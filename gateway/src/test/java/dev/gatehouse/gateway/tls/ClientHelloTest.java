package dev.gatehouse.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** First words of TLS that are in pieces, too long, or for nobody. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientHelloTest {
  private static final int MANY = 4 << 20;

  private Platform platform;
  private TestTenant tenant;
  private int port;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
    port = platform.gateway.httpsPort().orElseThrow();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** Sends each byte by itself. */
  private static final class Dribbling extends Socket {
    Dribbling(int port) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
      setTcpNoDelay(true);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          for (int i = offset; i < offset + length; i++) {
            out.write(bytes[i]);
          }
        }
      };
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void leadsToTheSameTenantInPieces(String protocol) throws Exception {
    TlsCaller caller = new TlsCaller(port, null);
    try (RawClient client =
        new RawClient(caller.open(new Dribbling(port), tenant.host(), protocol, _ -> {}))) {
      String key = "X-API-Key: " + tenant.key().reveal();

      assertThat(TlsCaller.get(client, tenant.host(), key).status()).isEqualTo(200);
    }
  }

  /** A name in the handshake makes nobody's tenant of it; the Host says who it is. */
  @Test
  void leadsToNoTenantByANameAlone() throws Exception {
    TlsCaller caller = new TlsCaller(port, null);

    assertThat(caller.get("nobody.example.org", "nobody.example.test").status()).isEqualTo(404);
    assertThat(caller.get(tenant.host(), "nobody.example.test").status()).isIn(404, 421);
    String key = "X-API-Key: " + tenant.key().reveal();
    try (RawClient client = caller.connect(null, "TLSv1.3")) {
      assertThat(TlsCaller.get(client, tenant.host(), key).status()).isEqualTo(200);
    }
  }

  @Test
  void isNotReadWithoutEnd() throws Exception {
    // Of a ClientHello of 16 MiB, in records of 16 KiB.
    byte[] record = new byte[5 + (1 << 14)];
    record[0] = 22;
    record[1] = 3;
    record[2] = 1;
    record[3] = 1 << 6;
    byte[] first = record.clone();
    first[5] = 1;
    first[6] = (byte) 0xff;
    first[7] = (byte) 0xff;
    first[8] = (byte) 0xff;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      try {
        socket.getOutputStream().write(first);
        for (int sent = 0; sent < MANY; sent += record.length) {
          socket.getOutputStream().write(record);
        }
        while (socket.getInputStream().read() >= 0) {
          // An alert, perhaps.
        }
      } catch (SocketException closed) {
        // That is what is expected.
      }
    }
    leadsToTheSameTenantInPieces("TLSv1.3");
  }
}

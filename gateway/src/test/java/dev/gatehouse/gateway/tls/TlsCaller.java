package dev.gatehouse.gateway.tls;

import dev.gatehouse.gateway.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client of TLS that shows a certificate where it is asked for one, and counts how often it is.
 */
public final class TlsCaller {
  private final int port;
  private final Wallet wallet;
  private final SSLContext context;

  /**
   * @param shows null if it has nothing to show
   */
  public TlsCaller(int port, @Nullable TestAuthority shows) throws GeneralSecurityException {
    this.port = port;
    this.wallet = new Wallet(shows);
    this.context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {wallet}, new TrustManager[] {new Trusting()}, new SecureRandom());
  }

  /** How often it was asked for a certificate. */
  public int asked() {
    return wallet.asked.get();
  }

  /** The newest connection with this name in its handshake; null for none. */
  public RawClient connect(@Nullable String serverName, String protocol) throws IOException {
    SSLSocket socket = open(serverName, protocol);
    return new RawClient(socket);
  }

  /** A connection whose handshake is done. */
  public SSLSocket open(@Nullable String serverName, String protocol) throws IOException {
    return open(serverName, protocol, _ -> {});
  }

  /** The same, with more that it wants. */
  public SSLSocket open(
      @Nullable String serverName, String protocol, Consumer<SSLParameters> choice)
      throws IOException {
    return open(new Socket(InetAddress.getLoopbackAddress(), port), serverName, protocol, choice);
  }

  /** The same, over a connection that is there. */
  SSLSocket open(
      Socket plain, @Nullable String serverName, String protocol, Consumer<SSLParameters> choice)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {protocol});
    parameters.setServerNames(
        serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
    choice.accept(parameters);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  /** One request on a connection of its own, of TLS 1.3. */
  public RawClient.Response get(String serverName, String host, String... headers)
      throws IOException {
    try (RawClient client = connect(serverName, "TLSv1.3")) {
      return get(client, host, headers);
    }
  }

  public static RawClient.Response get(RawClient client, String host, String... headers)
      throws IOException {
    return getAt(client, "/", host, headers);
  }

  public static RawClient.Response getAt(
      RawClient client, String path, String host, String... headers) throws IOException {
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + host);
    for (String header : headers) {
      request.append("\r\n").append(header);
    }
    client.write(request.append("\r\n\r\n").toString());
    return client.read();
  }

  static final class Wallet extends X509ExtendedKeyManager {
    private final AtomicInteger asked = new AtomicInteger();
    private final @Nullable TestAuthority shows;

    Wallet(@Nullable TestAuthority shows) {
      this.shows = shows;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal[] issuers, @Nullable Socket socket) {
      asked.incrementAndGet();
      return shows == null ? null : "own";
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal[] issuers, @Nullable SSLEngine engine) {
      return chooseClientAlias(types, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return shows == null ? null : shows.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return shows == null ? null : shows.keys().getPrivate();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

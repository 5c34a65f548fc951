package dev.gatehouse.contract.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What the JDBC driver makes encrypted connections with where the server must prove who it is: by a
 * certificate for its name, of an authority that is given as PEM in the property {@value
 * #AUTHORITIES}, or that the JVM trusts where none is given. The driver makes it by the name of its
 * class.
 */
public final class VerifyingSocketFactory extends SSLSocketFactory {
  /** The property of a connection that holds the authorities. */
  public static final String AUTHORITIES = "sslfactoryarg";

  private final SSLSocketFactory delegate;

  /**
   * @param properties of the connection
   * @throws GeneralSecurityException if the JVM refuses the authorities
   * @throws IOException if it cannot hold them
   * @throws IllegalArgumentException if they cannot be read
   */
  public VerifyingSocketFactory(Properties properties)
      throws GeneralSecurityException, IOException {
    @Nullable String pem = properties.getProperty(AUTHORITIES);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {TrustWitness.by(Optional.ofNullable(pem))}, null);
    delegate = context.getSocketFactory();
  }

  private static Socket verifying(Socket socket) {
    if (socket instanceof SSLSocket tls) {
      SSLParameters parameters = tls.getSSLParameters();
      // In the handshake, so that what is wrong with a name is said as by other clients.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
    }
    return socket;
  }

  /** The one that the driver uses: TLS over a connection that is there. */
  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean closeBoth)
      throws IOException {
    return verifying(delegate.createSocket(plain, host, port, closeBoth));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return verifying(delegate.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return verifying(delegate.createSocket(host, port, from, fromPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return verifying(delegate.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return verifying(delegate.createSocket(host, port, from, fromPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return delegate.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return delegate.getSupportedCipherSuites();
  }
}

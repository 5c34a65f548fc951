package dev.gatehouse.loadtests.bench;

import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.tls.TenantServerNames;
import dev.gatehouse.loadtests.tenants.SyntheticCertificates;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole handshake of TLS 1.3 (P-256, both sides in one thread), by a context that has one
 * certificate for all, and by the gateway's, which chooses one of ten thousand by the name. A
 * client that meets a certificate for the first time has to read it, which is part of {@code EACH}
 * and no cost of the server: {@code SAME} is what compares with {@code ONE}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseCompactObjectHeaders"})
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before it measures.
public class HandshakeBenchmark {
  private static final int TENANTS = 10_000;

  /** Whose certificate is shown. */
  public enum Certificates {
    /** One for all hosts, by a context as a server has it that knows nothing of names. */
    ONE,
    /** By the gateway's context, with those of all tenants, one and the same host each time. */
    SAME,
    /** Each tenant's own. */
    EACH
  }

  /** Which of them is measured. */
  @Param({"ONE", "SAME", "EACH"})
  public Certificates certificates = Certificates.EACH;

  private Platform platform;
  private SSLContext client;
  private TenantServerNames names;
  private SslContext one;
  private int turn;

  /** Gives each tenant a certificate. */
  @Setup
  public void setUp() throws Exception {
    SyntheticCertificates issuer = new SyntheticCertificates();
    platform = new Platform(TENANTS);
    for (int i = 0; i < TENANTS; i++) {
      platform.directory().apply(new FeedMessage.Upsert(2, issuer.of(SyntheticTenants.tenant(i))));
    }
    CertificateAndKey forAll = issuer.of(SyntheticTenants.host(0));
    names = new TenantServerNames(platform.directory(), forAll);
    one =
        SslContextBuilder.forServer(
                forAll.key(), forAll.chain().toArray(java.security.cert.X509Certificate[]::new))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .build();
    client = issuer.trustingClient();
  }

  /** Ends what the directory has started. */
  @TearDown
  public void tearDown() {
    platform.close();
  }

  /** One handshake; a host after the other, none of them twice before all others. */
  @Benchmark
  public String handshake() throws SSLException {
    int number = certificates == Certificates.EACH ? turn++ % TENANTS : 0;
    String host = SyntheticTenants.host(number);
    SslContext context = certificates == Certificates.ONE ? one : names.contextOf(host);
    SSLEngine server = context.newEngine(ByteBufAllocator.DEFAULT);
    SSLEngine caller = client.createSSLEngine();
    caller.setUseClientMode(true);
    SSLParameters parameters = caller.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    parameters.setProtocols(new String[] {"TLSv1.3"});
    caller.setSSLParameters(parameters);
    return shake(caller, server);
  }

  private static String shake(SSLEngine caller, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toCaller = ByteBuffer.allocate(1 << 16);
    ByteBuffer application = ByteBuffer.allocate(1 << 16);
    caller.beginHandshake();
    server.beginHandshake();
    while (isShaking(caller) || isShaking(server)) {
      step(caller, toServer, toCaller, application);
      step(server, toCaller, toServer, application);
    }
    return caller.getSession().getCipherSuite();
  }

  private static boolean isShaking(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in, ByteBuffer application)
      throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
      }
      case NEED_WRAP -> {
        SSLEngineResult _ = engine.wrap(ByteBuffer.allocate(0), out);
      }
      default -> {
        in.flip();
        if (in.hasRemaining()) {
          SSLEngineResult _ = engine.unwrap(in, application);
        }
        in.compact();
      }
    }
  }
}

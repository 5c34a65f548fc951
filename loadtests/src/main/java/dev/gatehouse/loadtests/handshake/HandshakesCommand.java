package dev.gatehouse.loadtests.handshake;

import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.tls.TenantServerNames;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.bench.Platform;
import dev.gatehouse.loadtests.load.Median;
import dev.gatehouse.loadtests.tenants.SyntheticCertificates;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/handshakes}. */
@Command(
    name = "handshakes",
    mixinStandardHelpOptions = true,
    description =
        "Measures what whole handshakes of TLS 1.3 (P-256) cost a server in CPU time: with one"
            + " certificate for all hosts, and with the gateway's choice among 10,000.")
public final class HandshakesCommand implements Callable<Integer> {
  private static final int TENANTS = 10_000;
  private static final int WARM_UP = 3_000;

  /** Whose certificate is shown. */
  private enum Certificates {
    /** One for all hosts, by a context that knows nothing of names. */
    ONE("one certificate for all"),
    /** By the gateway's context, which holds those of all tenants; the same host each time. */
    SAME("one of 10,000, the same each time"),
    /** Each tenant's own, one host after the other. */
    EACH("one of 10,000, another each time");

    private final String label;

    Certificates(String label) {
      this.label = label;
    }
  }

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "How many rounds there are (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--handshakes",
      defaultValue = "500",
      description = "How many handshakes of each kind a round has, in turns (${DEFAULT-VALUE}).")
  private int handshakes;

  private final Handshake handshake = new Handshake();

  /** Runs the program; it exits with 0, or with 1 where a handshake failed. */
  public static void main(String[] args) {
    Program.runAndExit(new HandshakesCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    System.err.println("making " + TENANTS + " certificates");
    SyntheticCertificates issuer = new SyntheticCertificates();
    try (Platform platform = new Platform(TENANTS)) {
      for (int i = 0; i < TENANTS; i++) {
        platform
            .directory()
            .apply(new FeedMessage.Upsert(2, issuer.of(SyntheticTenants.tenant(i))));
      }
      CertificateAndKey forAll = issuer.of(SyntheticTenants.host(0));
      TenantServerNames names = new TenantServerNames(platform.directory(), forAll);
      measure(plain(forAll), names, issuer.trustingClient());
    }
    return 0;
  }

  /** A context as a server has it that has one certificate. */
  private static SslContext plain(CertificateAndKey certificate) throws SSLException {
    return SslContextBuilder.forServer(
            certificate.key(), certificate.chain().toArray(X509Certificate[]::new))
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  private void measure(SslContext plain, TenantServerNames names, SSLContext client)
      throws SSLException {
    round(WARM_UP, plain, names, client);
    Map<Certificates, List<Double>> micros = new EnumMap<>(Certificates.class);
    Map<Certificates, List<Double>> ratios = new EnumMap<>(Certificates.class);
    for (int i = 0; i < rounds; i++) {
      Map<Certificates, Double> round = round(handshakes, plain, names, client);
      double base = round.getOrDefault(Certificates.ONE, Double.NaN);
      round.forEach((kind, value) -> {
        micros.computeIfAbsent(kind, _ -> new ArrayList<>()).add(value);
        ratios.computeIfAbsent(kind, _ -> new ArrayList<>()).add(value / base);
      });
    }
    System.out.printf(
        Locale.ROOT, "%-34s %14s %22s%n", "", "cpu us (median)", "to one (median, range)");
    micros.forEach((kind, values) -> {
      double[] ratio = sorted(ratios.getOrDefault(kind, List.of()));
      System.out.printf(
          Locale.ROOT,
          "%-34s %14.1f %8.3f (%.3f to %.3f)%n",
          kind.label,
          Median.of(sorted(values)),
          Median.of(ratio),
          ratio[0],
          ratio[ratio.length - 1]);
    });
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** Microseconds of a handshake of each kind, which take turns: what disturbs, disturbs all. */
  private Map<Certificates, Double> round(
      int count, SslContext plain, TenantServerNames names, SSLContext client) throws SSLException {
    Map<Certificates, Double> sums = new EnumMap<>(Certificates.class);
    for (int i = 0; i < count; i++) {
      for (Certificates kind : Certificates.values()) {
        String host = SyntheticTenants.host(kind == Certificates.EACH ? i * 7 % TENANTS : 0);
        SslContext context = kind == Certificates.ONE ? plain : names.contextOf(host);
        SSLEngine server = context.newEngine(ByteBufAllocator.DEFAULT);
        double spent = handshake.between(client(client, host), server) / 1e3;
        sums.merge(kind, spent / count, Double::sum);
      }
    }
    return sums;
  }

  private static SSLEngine client(SSLContext context, String host) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    parameters.setProtocols(new String[] {"TLSv1.3"});
    engine.setSSLParameters(parameters);
    return engine;
  }
}

package dev.gatehouse.gateway.tls;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.UpstreamTls;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.ServerCertificate;
import dev.gatehouse.gateway.directory.ServerCertificates;
import dev.gatehouse.gateway.upstream.Upstreams;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The certificates that this gateway shows, to clients and to services, and until when they are
 * valid. One that another has taken the place of is none of them. Any thread.
 */
public final class CertificateView {
  private static final int MOST_LISTED = 100;

  private final LiveDirectory directory;
  private final Optional<ServerTls> tls;
  private final Upstreams upstreams;

  /**
   * @param tls of the listener; empty if there is none
   */
  public CertificateView(
      LiveDirectory directory,
      Optional<ServerTls> tls,
      Upstreams upstreams,
      MeterRegistry metrics) {
    this.directory = directory;
    this.tls = tls;
    this.upstreams = upstreams;
    Gauge.builder("gatehouse.certificates", this, view -> view.shown().size())
        .description("Certificates that are shown to clients or to services")
        .register(metrics);
    Gauge.builder("gatehouse.certificates.first_end", this, CertificateView::firstEnd)
        .description("When the first of them is over; NaN without any")
        .baseUnit("timestamp_seconds")
        .register(metrics);
  }

  /** How many there are, and those that are over first. */
  public JsonObject toJson() {
    List<Shown> shown = shown();
    JsonArray first = new JsonArray();
    shown.stream()
        .sorted(Comparator.comparing(Shown::notAfter))
        .limit(MOST_LISTED)
        .forEach(one -> first.add(one.toJson()));
    return new JsonObject().put("count", shown.size()).put("certificates", first);
  }

  private double firstEnd() {
    return shown().stream()
        .mapToDouble(one -> one.notAfter().getEpochSecond())
        .min()
        .orElse(Double.NaN);
  }

  private List<Shown> shown() {
    List<Shown> shown = new ArrayList<>();
    tls.map(ServerTls::otherwise)
        .ifPresent(one ->
            shown.add(
                Shown.of("configuration", Optional.empty(), one, CertificateAndKey.namesOf(one))));
    ServerCertificates hosts = directory.current().certificates();
    for (ServerCertificate one : hosts.all()) {
      if (hosts.isShown(one)) {
        Optional<String> tenant = Optional.ofNullable(one.tenantId()).map(UUID::toString);
        String use = tenant.isPresent() ? "tenant" : "platform";
        shown.add(Shown.of(use, tenant, one.chain()[0], one.names()));
      }
    }
    for (EdgeService service : upstreams.services()) {
      service
          .tls()
          .flatMap(UpstreamTls::clientCertificate)
          .map(UpstreamTls.ClientCertificate::read)
          .ifPresent(own ->
              shown.add(
                  Shown.of(
                      "service", Optional.of(service.name()), own.certificate(), own.names())));
    }
    return shown;
  }

  /**
   * @param use {@code configuration}, {@code platform}, {@code tenant} or {@code service}
   * @param owner the tenant's id, or the service's name
   */
  private record Shown(
      String use, Optional<String> owner, String subject, Set<String> names, Instant notAfter) {
    static Shown of(
        String use, Optional<String> owner, X509Certificate certificate, Set<String> names) {
      return new Shown(
          use,
          owner,
          certificate.getSubjectX500Principal().getName(),
          new TreeSet<>(names),
          certificate.getNotAfter().toInstant());
    }

    JsonObject toJson() {
      JsonObject json = new JsonObject().put("use", use);
      owner.ifPresent(whose -> json.put("owner", whose));
      return json.put("subject", subject)
          .put("names", new JsonArray(List.copyOf(names)))
          .put("notAfter", notAfter.toString());
    }
  }
}

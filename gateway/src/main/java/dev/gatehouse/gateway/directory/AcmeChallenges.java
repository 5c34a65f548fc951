package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.tls.CertificateAndKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What certificate authorities may ask while certificates are being ordered: one challenge a host.
 * Any thread reads; one writes.
 */
public final class AcmeChallenges {
  private final Map<String, Known> byHost = new ConcurrentHashMap<>();

  private record Known(EdgeAcmeChallenge edge, Optional<CertificateAndKey> certificate) {}

  /**
   * What is answered at a host.
   *
   * @param host in normal form
   * @param path of the request, without the query, which begins with {@link EdgeAcmeChallenge#PATH}
   * @return empty if it is no challenge of this host
   */
  public Optional<String> answer(String host, String path) {
    Known known = byHost.get(host);
    return Optional.ofNullable(known)
        .flatMap(some -> some.edge().http())
        .filter(http -> path.substring(EdgeAcmeChallenge.PATH.length()).equals(http.token()))
        .map(EdgeAcmeChallenge.Http::keyAuthorization);
  }

  /** The certificate that is the answer; null if there is no such challenge of this host. */
  public @Nullable CertificateAndKey certificateOf(String host) {
    Known known = byHost.get(host);
    return known == null ? null : known.certificate().orElse(null);
  }

  /**
   * Adds one. Only the writing thread.
   *
   * @throws IllegalArgumentException if its certificate cannot be read
   */
  void upsert(EdgeAcmeChallenge challenge) {
    byHost.put(
        challenge.key(),
        new Known(
            challenge,
            challenge.tls().map(tls -> CertificateAndKey.parse(tls.chain(), tls.privateKey()))));
  }

  /** Takes one out. Only the writing thread. */
  void remove(String host) {
    byHost.remove(host);
  }

  void forEachObject(Consumer<? super EdgeAcmeChallenge> visitor) {
    byHost.values().forEach(known -> visitor.accept(known.edge()));
  }
}

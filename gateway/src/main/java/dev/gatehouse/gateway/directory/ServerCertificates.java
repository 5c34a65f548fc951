package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeCertificate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of all hosts, found by name. Any thread reads, lock-free; one writes. Takes one
 * entry for each certificate and for each name in it, {@value
 * dev.gatehouse.contract.tls.CertificateAndKey#MAX_NAMES} of them at most.
 */
public final class ServerCertificates {
  /** The one that has begun to be valid last comes first: it is the renewed one. */
  private static final Comparator<ServerCertificate> NEWEST_FIRST =
      Comparator.comparing(ServerCertificate::notBefore)
          .reversed()
          .thenComparing(ServerCertificate::alias);

  private final Map<UUID, ServerCertificate> byId = new ConcurrentHashMap<>();
  private final Map<String, ServerCertificate> byAlias = new ConcurrentHashMap<>();
  private final Map<String, List<ServerCertificate>> byName = new ConcurrentHashMap<>();

  /** Went last: a handshake that has just chosen it still finds its key. */
  private volatile @Nullable ServerCertificate gone;

  /**
   * Those that are good for a host, in the order of preference.
   *
   * @param host in normal form
   * @param tenant whose host it is; null if it is no tenant's
   * @return the tenant's own or, if it has none, the platform's; empty if there is none
   */
  public List<ServerCertificate> of(String host, @Nullable UUID tenant) {
    List<ServerCertificate> own = tenant == null ? List.of() : ofOwner(host, tenant);
    return own.isEmpty() ? ofOwner(host, null) : own;
  }

  private List<ServerCertificate> ofOwner(String host, @Nullable UUID owner) {
    List<ServerCertificate> exact = ofOwner(byName.get(host), owner);
    int dot = host.indexOf('.');
    return !exact.isEmpty() || dot <= 0
        ? exact
        : ofOwner(byName.get("*" + host.substring(dot)), owner);
  }

  private static List<ServerCertificate> ofOwner(
      @Nullable List<ServerCertificate> all, @Nullable UUID owner) {
    if (all == null) {
      return List.of();
    }
    return all.stream()
        .filter(one -> owner == null ? one.tenantId() == null : owner.equals(one.tenantId()))
        .toList();
  }

  /** The one with this {@link ServerCertificate#alias}; null if it has gone. */
  public @Nullable ServerCertificate byAlias(String alias) {
    ServerCertificate known = byAlias.get(alias);
    ServerCertificate last = gone;
    return known == null && last != null && last.alias().equals(alias) ? last : known;
  }

  /** All of them. */
  public Collection<ServerCertificate> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  /** Whether there is a name at which it is shown: one that was renewed is shown nowhere. */
  public boolean isShown(ServerCertificate certificate) {
    return certificate.names().stream()
        .anyMatch(name ->
            ofOwner(byName.get(name), certificate.tenantId()).stream()
                .filter(one -> one.keyType().equals(certificate.keyType()))
                .findFirst()
                .filter(first -> first == certificate)
                .isPresent());
  }

  /**
   * Adds one, or replaces the one with its id. Only the writing thread.
   *
   * @throws IllegalArgumentException if it cannot be read; that of before stays
   */
  void upsert(EdgeCertificate edge) {
    ServerCertificate now = new ServerCertificate(edge);
    ServerCertificate before = byId.put(edge.id(), now);
    byAlias.put(now.alias(), now);
    now.names()
        .forEach(name ->
            byName.merge(name, List.of(now), (all, one) -> sorted(all.stream(), one.stream())));
    if (before != null) {
      forget(before, now.alias());
    }
  }

  /** Takes one out. Only the writing thread. */
  void remove(UUID id) {
    ServerCertificate before = byId.remove(id);
    if (before != null) {
      forget(before, "");
    }
  }

  private void forget(ServerCertificate before, String unlessAlias) {
    gone = before;
    if (!before.alias().equals(unlessAlias)) {
      byAlias.remove(before.alias());
    }
    before
        .names()
        .forEach(name ->
            byName.computeIfPresent(
                name,
                (_, all) -> {
                  List<ServerCertificate> left =
                      sorted(all.stream().filter(one -> one != before), Stream.of());
                  return left.isEmpty() ? null : left;
                }));
  }

  private static List<ServerCertificate> sorted(
      Stream<ServerCertificate> some, Stream<ServerCertificate> more) {
    return Stream.concat(some, more).sorted(NEWEST_FIRST).toList();
  }
}

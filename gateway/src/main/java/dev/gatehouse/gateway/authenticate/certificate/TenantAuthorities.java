package dev.gatehouse.gateway.authenticate.certificate;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.cache.KnownTokens;
import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that one tenant trusts, and what is known of the chains that were shown to them.
 * Replaced, never changed, when the feed says something new of one of them: what had been verified
 * is then verified again. Made ready at the first certificate. Any thread.
 *
 * <p>The first that vouches counts, by name; but a certificate that one of them has taken back is
 * good for nothing at the others. Chains are known by the digest of the whole: a client that comes
 * once more with what was missing is looked at again.
 */
public final class TenantAuthorities {
  /** Of a tenant that trusts none. */
  public static final TenantAuthorities NONE = new TenantAuthorities(List.of());

  private static final long MOST_KNOWN_MILLIS = TimeUnit.MINUTES.toMillis(10);

  /** A certificate may become valid, and a clock may be set right. */
  private static final long REFUSED_FOR_MILLIS = 10_000;

  private final List<EdgeClientAuthority> edges;
  private volatile @Nullable Ready ready;

  public TenantAuthorities(Collection<EdgeClientAuthority> edges) {
    this.edges = edges.stream().sorted(Comparator.comparing(EdgeClientAuthority::name)).toList();
  }

  private record Ready(List<ClientAuthority> authorities, KnownTokens<Verdict> known) {}

  /** What became of a chain. */
  public sealed interface Verdict {
    /** Whom it stands for. */
    record Vouched(Principal principal) implements Verdict {}

    /** Why it stands for nobody. */
    record Refused(CertificateFault fault) implements Verdict {}
  }

  /** What the control plane said of them. */
  public List<EdgeClientAuthority> edges() {
    return edges;
  }

  /** What is known of a chain; null if that is nothing, or not any more. */
  public @Nullable Verdict known(TokenDigest chain, long nowMillis) {
    return ready().known.find(chain, nowMillis);
  }

  /**
   * Verifies a chain, and remembers what came of it.
   *
   * @param most how many are remembered
   */
  public Verdict verify(TokenDigest digest, List<X509Certificate> chain, long nowMillis, int most) {
    Ready current = ready();
    CertificateFault fault = CertificateFault.UNKNOWN_AUTHORITY;
    ClientAuthority.Vouched first = null;
    for (ClientAuthority authority : current.authorities) {
      try {
        ClientAuthority.Vouched vouched = authority.vouch(chain, nowMillis);
        first = first == null ? vouched : first;
      } catch (CertificateRefusedException refused) {
        fault = refused.fault().compareTo(fault) > 0 ? refused.fault() : fault;
      }
    }
    Verdict verdict = new Verdict.Refused(fault);
    long until = nowMillis + REFUSED_FOR_MILLIS;
    if (first != null && fault != CertificateFault.REVOKED) {
      verdict = new Verdict.Vouched(first.principal());
      until = Math.min(first.untilMillis() + 1, nowMillis + MOST_KNOWN_MILLIS);
    }
    current.known.keep(digest, verdict, until, most);
    return verdict;
  }

  /** Whether a certificate that was let in then would be now, but for its time. */
  public boolean accept(Credential.Certificate then) {
    return edges.stream().anyMatch(now -> asksTheSame(now, then.authority()))
        && edges.stream().noneMatch(now -> takesBack(now, then));
  }

  private static boolean asksTheSame(EdgeClientAuthority now, EdgeClientAuthority then) {
    return now.id().equals(then.id())
        && now.certificates().equals(then.certificates())
        && now.subject() == then.subject()
        && now.trustDomain().equals(then.trustDomain())
        && now.subjects().equals(then.subjects());
  }

  /** Serial numbers are an issuer's own: those of others mean other certificates. */
  private static boolean takesBack(EdgeClientAuthority now, Credential.Certificate then) {
    return ClientAuthority.revokes(now, then.serial())
        && !Collections.disjoint(anchorsOf(now), anchorsOf(then.authority()));
  }

  private static List<X509Certificate> anchorsOf(EdgeClientAuthority edge) {
    return ClientAuthority.of(edge).anchors().stream().map(Anchor::certificate).toList();
  }

  private Ready ready() {
    Ready made = ready;
    return made == null ? makeReady() : made;
  }

  private synchronized Ready makeReady() {
    Ready made = ready;
    if (made == null) {
      made = new Ready(edges.stream().map(ClientAuthority::of).toList(), new KnownTokens<>());
      ready = made;
    }
    return made;
  }
}

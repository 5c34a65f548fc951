package dev.gatehouse.gateway.login;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.authenticate.remote.ProviderCalls;
import dev.gatehouse.gateway.bounds.Bound;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds identity providers' endpoints, and remembers them for an hour; longer where a provider does
 * not answer. {@value #MOST} providers at most are remembered. Any thread.
 */
final class Discovery {
  private static final int MOST = 10_000;

  @Bound(
      of = "a provider's metadata",
      unit = "bytes",
      atIt = "the login fails: 502",
      metric = "gatehouse_logins_total{outcome=\"failed\"}")
  private static final int MAX_BYTES = 64 * 1024;

  private static final long FRESH_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final String WELL_KNOWN = "/.well-known/openid-configuration";
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  private final ProviderCalls calls;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  Discovery(ProviderCalls calls, Duration timeout, LongSupplier nanoTime) {
    this.calls = calls;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
  }

  private record Known(
      @Nullable ProviderMetadata metadata,
      long askAtNanos,
      @Nullable Future<ProviderMetadata> asked) {}

  /** Fails where they were never found. One question at a time is put to a provider. */
  Future<ProviderMetadata> of(EdgeIdentityProvider provider) {
    String issuer = provider.issuer();
    synchronized (known) {
      Known before = known.get(issuer);
      long now = nanoTime.getAsLong();
      if (before != null && before.metadata != null && before.askAtNanos - now > 0) {
        return Future.succeededFuture(before.metadata);
      }
      if (before != null && before.asked != null) {
        return before.asked;
      }
      Future<ProviderMetadata> asked = ask(provider);
      ProviderMetadata last = before == null ? null : before.metadata;
      Promise<ProviderMetadata> answer = Promise.promise();
      known.put(issuer, new Known(last, now, answer.future()));
      // On another thread, or at once where the gateway is busy: the lock lets the thread in again.
      asked.onComplete((found, failure) -> {
        remember(issuer, last, found, failure);
        answer.complete(failure == null ? found : last, last == null ? failure : null);
      });
      return answer.future();
    }
  }

  private Future<ProviderMetadata> ask(EdgeIdentityProvider provider) {
    String issuer = provider.issuer();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    try {
      return calls
          .get(new URI(base + WELL_KNOWN), MAX_BYTES, timeout)
          .map(fetched -> ProviderMetadata.read(issuer, fetched));
    } catch (URISyntaxException e) {
      return Future.failedFuture("its issuer is no URL: " + issuer);
    }
  }

  private void remember(
      String issuer,
      @Nullable ProviderMetadata last,
      @Nullable ProviderMetadata found,
      @Nullable Throwable failure) {
    synchronized (known) {
      if (failure != null) {
        LOG.warn("discovery at {}: {}", issuer, failure.getMessage());
      }
      ProviderMetadata kept = found == null ? last : found;
      if (kept == null) {
        known.remove(issuer);
      } else {
        long next = failure == null ? FRESH_NANOS : RETRY_NANOS;
        known.put(issuer, new Known(kept, nanoTime.getAsLong() + next, null));
      }
    }
  }
}

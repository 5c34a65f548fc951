package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * Withholds answers that no client should see: those that end no request, and what an application
 * has made for another tenant. An application that stamps its responses with {@code X-Tenant-Id},
 * of the tenant whose data it has read, has a mix-up of its own (a shared cache, a connection that
 * was not cleaned, a lost context) found before anybody sees it.
 */
final class ResponseGuard {
  private static final CharSequence STAMP = HttpHeaders.createOptimized(TenantContext.ID_HEADER);

  private ResponseGuard() {}

  /**
   * Why an answer is withheld; empty if it may be passed on.
   *
   * @param upgrade whether the request asks to switch protocols
   */
  static Optional<Rejection> refusalOf(HttpClientResponse answer, boolean upgrade, Signed signed) {
    if (!UpstreamFaults.isFinalStatus(answer.statusCode())
        && !(upgrade && Upgrade.isAgreedTo(answer))) {
      return Optional.of(new Rejection.UpstreamFailed("http_protocol_error"));
    }
    return isOfAnother(answer.headers(), signed)
        ? Optional.of(Rejection.ForeignResponse.INSTANCE)
        : Optional.empty();
  }

  /** One wrong stamp is enough, whatever others stand beside it. */
  private static boolean isOfAnother(MultiMap headers, Signed signed) {
    if (!headers.contains(STAMP)) {
      return false;
    }
    String tenant = signed.tenant().id();
    return headers.getAll(STAMP).stream().anyMatch(stamp -> !stamp.equalsIgnoreCase(tenant));
  }
}

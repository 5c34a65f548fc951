package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.Balancing;
import dev.gatehouse.contract.edge.Balancing.HashOn;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.sign.Signed;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What consistent hashing keeps together, as a number. The tenant is part of every key, so that two
 * tenants' equal values are not one key. The same key gives the same number in every gateway.
 */
public final class HashKey {
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private HashKey() {}

  /**
   * The key of a request. Where the header or cookie is missing, the principal stands in for it.
   *
   * @return 0 where the policy needs no key
   */
  public static long of(Signed signed, Balancing balancing) {
    if (balancing.policy() != Balancing.Policy.CONSISTENT_HASH) {
      return 0;
    }
    String subject = signed.request().request().request().principal().subject();
    return of(signed.tenant(), subject, signed.exchange().request(), balancing);
  }

  private static long of(
      Tenant tenant, String subject, HttpServerRequest request, Balancing balancing) {
    HashOn on = balancing.hashOn().orElse(HashOn.PRINCIPAL);
    String name = balancing.hashName().orElse("");
    return of(
        tenant.id(),
        switch (on) {
          case TENANT -> "";
          case PRINCIPAL -> subject;
          case HEADER -> orElse(request.getHeader(name), subject);
          case COOKIE -> orElse(cookie(request, name), subject);
        });
  }

  private static @Nullable String cookie(HttpServerRequest request, String name) {
    Cookie cookie = request.getCookie(name);
    return cookie == null ? null : cookie.getValue();
  }

  private static String orElse(@Nullable String value, String fallback) {
    return value == null || value.isEmpty() ? fallback : value;
  }

  /** The key of a value of a tenant's. */
  static long of(String tenantId, String value) {
    return mix(fnv(fnv(FNV_BASIS, tenantId), value));
  }

  /** The number of a name. */
  static long of(String name) {
    return mix(fnv(FNV_BASIS, name));
  }

  /** FNV-1a over the characters, and a separator. */
  private static long fnv(long hash, String text) {
    long h = hash;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * FNV_PRIME;
    }
    return (h ^ 0x1F) * FNV_PRIME;
  }

  /** The finishing steps of MurmurHash3: every bit of the input reaches every bit of the result. */
  static long mix(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}

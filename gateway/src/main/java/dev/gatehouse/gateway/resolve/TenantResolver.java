package dev.gatehouse.gateway.resolve;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.DomainChallenge;
import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.edge.HostRedirect;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.RequestHead;
import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.PresentedKey;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.directory.TenantHost;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.residency.Entrance;
import dev.gatehouse.gateway.tls.HttpsRedirect;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tenant of a request: by its host (custom domain or subdomain), by {@code X-Tenant-Id}
 * where the operator trusts it, and at shared hosts by an API key. Where two sources name different
 * tenants, the request is refused.
 */
public final class TenantResolver {
  private static final CharSequence ID_HEADER =
      HttpHeaders.createOptimized(TenantContext.ID_HEADER);

  /** Where challenges are asked for (RFC 8615). */
  private static final String WELL_KNOWN = "/.well-known/";

  private final LiveDirectory live;
  private final @Nullable HttpsRedirect toHttps;
  private final boolean trustTenantHeader;
  private final Set<String> sharedHosts;
  private final Entrance entrance;

  /**
   * @param baseDomain a shared host by itself
   * @param redirect where requests in the clear are sent
   * @param entrance asked as soon as the tenant is known
   */
  public TenantResolver(
      ResolveConfig config,
      Hostname baseDomain,
      Optional<HttpsRedirect> redirect,
      LiveDirectory live,
      Entrance entrance) {
    this.live = live;
    this.toHttps = redirect.orElse(null);
    this.entrance = entrance;
    this.trustTenantHeader = config.trustTenantHeader();
    this.sharedHosts =
        Stream.concat(Stream.of(baseDomain), config.sharedHosts().stream())
            .map(Hostname::value)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Finds the tenant.
   *
   * @throws Rejection if there is none, or none that is served; or if the gateway answers by
   *     itself, with a redirect to another host of the tenant or the answer to a challenge
   */
  public Resolved resolve(Sanitized request) {
    if (!live.isReady()) {
      throw Rejection.Overloaded.NOT_READY;
    }
    TenantDirectory directory = live.current();
    if (request.target().startsWith(WELL_KNOWN)) {
      answerChallenge(directory, request);
    }
    TenantHost byHost = directory.byHost(request.host());
    Tenant named = trustTenantHeader ? byHeader(directory, request.head()) : null;
    if (byHost != null) {
      if (named != null && named != byHost.tenant()) {
        throw Rejection.ConflictingTenants.INSTANCE;
      }
      Resolved resolved =
          served(
              request,
              directory,
              byHost.tenant(),
              byHost.status(),
              TenantSource.of(byHost.hostClass()));
      if (byHost.redirected()) {
        throw redirected(request, byHost.tenant().redirectOf(request.host()));
      }
      return resolved;
    }
    TenantSource source = TenantSource.HEADER;
    if (named == null && sharedHosts.contains(request.host())) {
      named = byApiKey(directory, request.head());
      source = TenantSource.API_KEY;
    }
    if (named == null) {
      Admission.requirePossibleHost(request.host());
      throw Rejection.UnknownHost.INSTANCE;
    }
    return served(request, directory, named, named.status(), source);
  }

  private Resolved served(
      Sanitized request,
      TenantDirectory directory,
      Tenant tenant,
      TenantStatus status,
      TenantSource source) {
    request.head().tenant(tenant);
    requireSameTenant(directory, request, tenant);
    if (toHttps != null && request.head().scheme().equals("http")) {
      throw Rejection.Redirected.toOtherHost(
          HttpsRedirect.STATUS, toHttps.locationOf(request.host(), request.target()));
    }
    if (status != TenantStatus.ACTIVE) {
      throw refusalOf(status).orElseThrow();
    }
    entrance.admit(tenant, request.head().client());
    return new Resolved(request, directory, tenant, source);
  }

  /**
   * Clients of HTTP/2 send requests for several hosts over one connection where its certificate is
   * good for all of them (RFC 9113 section 9.1.1). Those of one tenant may share it.
   */
  private static void requireSameTenant(
      TenantDirectory directory, Sanitized request, Tenant tenant) {
    String begunFor = request.head().serverName();
    if (begunFor != null && !begunFor.equals(request.host())) {
      TenantHost other = directory.byHost(begunFor);
      if (other != null && !other.tenant().edge().id().equals(tenant.edge().id())) {
        throw Rejection.Misdirected.OTHER_TENANTS_HOST;
      }
    }
  }

  /** Before a tenant is looked for: the host may be nobody's until this is answered. */
  private static void answerChallenge(TenantDirectory directory, Sanitized request) {
    HttpMethod method = request.head().method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      challengeAnswer(directory, request.host(), request.path())
          .ifPresent(answer -> {
            throw new Rejection.ChallengeAnswered(answer);
          });
    }
  }

  private static Optional<String> challengeAnswer(
      TenantDirectory directory, String host, String path) {
    if (path.startsWith(DomainChallenge.PATH)) {
      return directory.challenges().answer(host, path);
    }
    return path.startsWith(EdgeAcmeChallenge.PATH)
        ? directory.acmeChallenges().answer(host, path)
        : Optional.empty();
  }

  /** The client's port stays: both hosts are reached at this gateway. */
  private static Rejection redirected(Sanitized request, HostRedirect redirect) {
    HostAndPort asked = request.head().authority();
    String port = asked == null || asked.port() <= 0 ? "" : ":" + asked.port();
    return Rejection.Redirected.toOtherHost(
        redirect.status().orElse(HostRedirect.DEFAULT_STATUS),
        request.head().scheme() + "://" + redirect.to().value() + port + request.target());
  }

  /** Why a tenant is not served; empty if it is. */
  public static Optional<Rejection> refusalOf(TenantStatus status) {
    return switch (status) {
      case ACTIVE -> Optional.empty();
      case PENDING -> Optional.of(Rejection.TenantPending.INSTANCE);
      case SUSPENDED -> Optional.of(Rejection.TenantSuspended.INSTANCE);
      case ARCHIVED -> Optional.of(Rejection.TenantArchived.INSTANCE);
      case DELETED -> Optional.of(Rejection.UnknownHost.INSTANCE);
    };
  }

  /** A header that is there but names nobody is refused like an unknown host. */
  private static @Nullable Tenant byHeader(TenantDirectory directory, RequestHead head) {
    List<String> values = head.allHeaders().getAll(ID_HEADER);
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw Rejection.ConflictingTenants.INSTANCE;
    }
    try {
      return directory
          .byId(UUID.fromString(values.getFirst()))
          .orElseThrow(() -> Rejection.UnknownHost.INSTANCE);
    } catch (IllegalArgumentException e) {
      throw new Rejection.BadRequest(TenantContext.ID_HEADER + " must be a tenant's id.");
    }
  }

  private static @Nullable Tenant byApiKey(TenantDirectory directory, RequestHead head) {
    Optional<SecretToken> key = PresentedKey.of(head.headers()).token();
    return key.flatMap(token -> directory.apiKey(token.id()))
        .flatMap(apiKey -> directory.byId(apiKey.tenantId()))
        .orElse(null);
  }
}

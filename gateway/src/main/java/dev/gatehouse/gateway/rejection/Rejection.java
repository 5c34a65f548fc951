package dev.gatehouse.gateway.rejection;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.gateway.limit.RateLimitState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why the gateway, not the upstream, ends a request. Refusals are traffic, not faults: no stack
 * trace is taken, and those without detail are made once.
 */
@SuppressWarnings(
    "StaticAssignmentOfThrowable") // They carry no stack trace, and nothing else changes.
public abstract sealed class Rejection extends RuntimeException {

  private Rejection(String detail) {
    super(detail, null, false, false);
  }

  /** One sentence for the client: what was wrong and what is expected. */
  public final String detail() {
    return String.valueOf(getMessage());
  }

  /** The request is not one that HTTP allows, or that could be read in two ways. */
  public static final class BadRequest extends Rejection {
    public BadRequest(String detail) {
      super(detail);
    }
  }

  /** CONNECT and TRACE. */
  public static final class MethodNotAllowed extends Rejection {
    public static final MethodNotAllowed INSTANCE = new MethodNotAllowed();

    private MethodNotAllowed() {
      super("This method is not served here.");
    }
  }

  /** A transfer coding other than chunked. */
  public static final class CodingNotImplemented extends Rejection {
    public static final CodingNotImplemented INSTANCE = new CodingNotImplemented();

    private CodingNotImplemented() {
      super("The only transfer coding that is understood is chunked.");
    }
  }

  /** An expectation other than 100-continue. */
  public static final class ExpectationFailed extends Rejection {
    public static final ExpectationFailed INSTANCE = new ExpectationFailed();

    private ExpectationFailed() {
      super("The only expectation that can be met is 100-continue.");
    }
  }

  /** There are more header lines than are taken. */
  public static final class TooManyHeaders extends Rejection {
    public TooManyHeaders(int most) {
      super("A request may have at most " + most + " headers.");
    }
  }

  /** The body is longer than the platform, the tenant's limit or the service allows. */
  public static final class BodyTooLarge extends Rejection {
    public BodyTooLarge(long maxBytes) {
      this("The request body may have at most " + maxBytes + " bytes.");
    }

    private BodyTooLarge(String detail) {
      super(detail);
    }

    /** It is longer than what is read whole, digested and signed for the service. */
    public static BodyTooLarge toBeDigested(long maxBytes) {
      return new BodyTooLarge(
          "The request body may have at most "
              + maxBytes
              + " bytes here: the gateway signs it for the service.");
    }
  }

  /** The client did not send the rest of the body. */
  public static final class RequestTimedOut extends Rejection {
    public static final RequestTimedOut INSTANCE =
        new RequestTimedOut("The rest of the request's body did not come in time.");
    public static final RequestTimedOut TOO_SLOW =
        new RequestTimedOut("The request's body came too slowly.");
    public static final RequestTimedOut WHILE_OTHERS_WAIT =
        new RequestTimedOut(
            "The request's body came too slowly while other requests waited for the service.");

    private RequestTimedOut(String detail) {
      super(detail);
    }
  }

  /** No tenant is reached this way. */
  public static final class UnknownHost extends Rejection {
    public static final UnknownHost INSTANCE = new UnknownHost();

    private UnknownHost() {
      super("Nothing is served at this host.");
    }
  }

  /** Two sources name different tenants; it is not guessed which one is meant. */
  public static final class ConflictingTenants extends Rejection {
    public static final ConflictingTenants INSTANCE = new ConflictingTenants();

    private ConflictingTenants() {
      super("The host and another part of the request name different tenants.");
    }
  }

  /** The tenant is there, but not served yet. */
  public static final class TenantPending extends Rejection {
    public static final TenantPending INSTANCE = new TenantPending();

    private TenantPending() {
      super("This tenant is being set up; try again later.");
    }
  }

  /** The tenant is suspended. */
  public static final class TenantSuspended extends Rejection {
    public static final TenantSuspended INSTANCE = new TenantSuspended();

    private TenantSuspended() {
      super("This tenant is suspended.");
    }
  }

  /** The tenant is archived. */
  public static final class TenantArchived extends Rejection {
    public static final TenantArchived INSTANCE = new TenantArchived();

    private TenantArchived() {
      super("This tenant is no longer served.");
    }
  }

  /** From there, the tenant or the platform takes no requests. */
  public static final class AddressNotAllowed extends Rejection {
    public static final AddressNotAllowed INSTANCE = new AddressNotAllowed();

    private AddressNotAllowed() {
      super("Requests from this address are not taken here.");
    }
  }

  /** The tenant is bound to a region in which this gateway does not stand. */
  public static final class OutsideRegion extends Rejection {
    private final transient Region region;
    private final transient Optional<URI> gateway;
    private final boolean passedOn;

    /**
     * @param region the tenant's
     * @param gateway a gateway of that region, if one is known
     * @param passedOn whether the request is to be passed on to that gateway
     */
    public OutsideRegion(Region region, Optional<URI> gateway, boolean passedOn) {
      super(
          "This tenant is served in the region "
              + region
              + " alone, and this gateway stands elsewhere"
              + gateway.map(url -> "; one of that region is " + url).orElse("")
              + ".");
      this.region = region;
      this.gateway = gateway;
      this.passedOn = passedOn && gateway.isPresent();
    }

    /** The tenant's. */
    public Region region() {
      return region;
    }

    /** A gateway of that region, if one is known. */
    public Optional<URI> gateway() {
      return gateway;
    }

    /** Whether the request is passed on to that gateway, and not refused. */
    public boolean isPassedOn() {
      return passedOn;
    }
  }

  /** A gateway has passed the request on to this one, which would pass it on as well. */
  public static final class LoopDetected extends Rejection {
    public static final LoopDetected BETWEEN_REGIONS =
        new LoopDetected(
            "A gateway of another region has passed this request on, and this one does not stand in"
                + " the tenant's region either.");
    public static final LoopDetected IN_A_CIRCLE =
        new LoopDetected(
            "This request has come through gateways so often that it seems to go in a circle.");

    private LoopDetected(String detail) {
      super(detail);
    }
  }

  /** The tenant is bound to a region, and the service has no endpoint there. */
  public static final class RegionUnavailable extends Rejection {
    public static final RegionUnavailable INSTANCE = new RegionUnavailable();

    private RegionUnavailable() {
      super("The service is not to be had in the region that this tenant is bound to.");
    }
  }

  /** The caller did not prove who it is, or not to this tenant. */
  public static final class Unauthenticated extends Rejection {
    /** Nobody has logged in, where that is asked. */
    public static final Unauthenticated NO_SESSION =
        new Unauthenticated("Nobody has logged in.", "", true);

    public static final Unauthenticated BAD_CREDENTIAL =
        new Unauthenticated("The credential is not valid here.");

    /** It is valid, at another tenant; the client is told no more than for any other. */
    public static final Unauthenticated FOREIGN_CREDENTIAL =
        new Unauthenticated(BAD_CREDENTIAL.detail());

    private final String tokenFault;

    /** Nobody tried to guess anything. */
    private final boolean genuine;

    private Unauthenticated(String detail) {
      this(detail, "", false);
    }

    private Unauthenticated(String detail, String tokenFault, boolean genuine) {
      super(detail);
      this.tokenFault = tokenFault;
      this.genuine = genuine;
    }

    /**
     * There is no credential that counts.
     *
     * @param accepted what the tenant accepts
     */
    public static Unauthenticated without(Set<AuthenticationMethod> accepted) {
      String named =
          Arrays.stream(AuthenticationMethod.values())
              .filter(accepted::contains)
              .map(Unauthenticated::nameOf)
              .flatMap(Optional::stream)
              .distinct()
              .collect(Collectors.joining(", or "));
      return new Unauthenticated(
          named.isEmpty() ? "Nobody is let in here." : "A credential is needed: " + named + ".",
          "",
          true);
    }

    private static Optional<String> nameOf(AuthenticationMethod method) {
      return switch (method) {
        case ANONYMOUS -> Optional.empty();
        case API_KEY -> Optional.of("an API key as X-API-Key or bearer token");
        case JWT, INTROSPECTION -> Optional.of("a bearer token");
        case SESSION, ACCOUNT -> Optional.of("the session of a user who has logged in");
        case CLIENT_CERTIFICATE -> Optional.of("a client certificate");
        case FORWARD_AUTH -> Optional.of("one that the tenant's own service accepts");
      };
    }

    /**
     * A token of an identity provider that lets nobody in.
     *
     * @param fault why, for operators
     * @param told why, for the client; empty if it may be a guess, whose author is told nothing
     */
    public static Unauthenticated token(String fault, String told) {
      return told.isEmpty()
          ? new Unauthenticated(BAD_CREDENTIAL.detail(), fault, false)
          : new Unauthenticated(told, fault, true);
    }

    /**
     * A client certificate that lets nobody in.
     *
     * @param told why, for the client; empty if it may be a forgery, whose author is told nothing
     */
    public static Unauthenticated certificate(String told) {
      return told.isEmpty() ? BAD_CREDENTIAL : new Unauthenticated(told, "", true);
    }

    /** Whether the credential may have been guessed. */
    public boolean mayBeGuess() {
      return !genuine;
    }

    /** What is wrong with the bearer token (RFC 6750 section 3.1); empty if it was none. */
    public String tokenFault() {
      return tokenFault;
    }
  }

  /** The service has answered with what is another tenant's; it is withheld. */
  public static final class ForeignResponse extends Rejection {
    public static final ForeignResponse INSTANCE = new ForeignResponse();

    private ForeignResponse() {
      super("The service has answered for somebody else; its answer is withheld.");
    }
  }

  /** A connection of its own would do: this one was begun for another host. */
  public static final class Misdirected extends Rejection {
    /**
     * The caller could prove who it is by a certificate, but was not asked for one when its
     * connection began: that was for another host, or before the tenant let callers in so.
     */
    public static final Misdirected NOT_ASKED_FOR_CERTIFICATE =
        new Misdirected(
            "A client certificate is asked for at this host, and was not when this connection"
                + " began; use a new connection that names the host in its handshake.");

    /** What one tenant's host vouched for is nothing at another's. */
    public static final Misdirected OTHER_TENANTS_HOST =
        new Misdirected(
            "This connection was begun for a host of somebody else; use a new connection that names"
                + " the host in its handshake.");

    private Misdirected(String detail) {
      super(detail);
    }
  }

  /** The caller is known, and may not do this. */
  public static final class Forbidden extends Rejection {
    private final String scopes;

    private Forbidden(String detail, String scopes) {
      super(detail);
      this.scopes = scopes;
    }

    /** The caller would have to prove who it is in one of these ways. */
    public static Forbidden method(String methods) {
      return new Forbidden("Callers must prove who they are by " + methods + " here.", "");
    }

    /** The caller would have to prove who it is in all of these ways. */
    public static Forbidden allMethods(String methods) {
      return new Forbidden(
          "Callers must prove who they are by all of these here: " + methods + ".", "");
    }

    /** It lacks all of these roles. */
    public static Forbidden roles(String roles) {
      return new Forbidden("This needs one of the roles " + roles + ".", "");
    }

    /**
     * Its credential lacks one of these scopes.
     *
     * @param scopes with spaces between
     */
    public static Forbidden scopes(String scopes) {
      return new Forbidden("This needs the scopes " + scopes + ".", scopes);
    }

    /** The scopes that it needs, with spaces between; empty if it is not for these. */
    public String neededScopes() {
      return scopes;
    }
  }

  /** Whoever could say who calls does not answer. */
  public static final class IdentityProviderUnavailable extends Rejection {
    /** The keys that verify the caller's token are not to be had. */
    public static final IdentityProviderUnavailable KEYS =
        new IdentityProviderUnavailable(
            "The identity provider that issued the token does not answer, so that it cannot be"
                + " verified; try again later.");

    /** The authorization server cannot be asked about the caller's token. */
    public static final IdentityProviderUnavailable INTROSPECTION =
        new IdentityProviderUnavailable(
            "The authorization server cannot be asked about the token; try again later.");

    /** The tenant's decision service cannot be asked. */
    public static final IdentityProviderUnavailable DECISION =
        new IdentityProviderUnavailable(
            "The service that decides about this request does not answer; try again later.");

    private IdentityProviderUnavailable(String detail) {
      super(detail);
    }
  }

  /** The sessions cannot be looked up. */
  public static final class SessionsUnavailable extends Rejection {
    public static final SessionsUnavailable INSTANCE = new SessionsUnavailable();

    private SessionsUnavailable() {
      super("The session cannot be looked up; try again later.");
    }
  }

  /** A page of another origin makes a browser use the user's session. */
  public static final class CrossSite extends Rejection {
    public static final CrossSite INSTANCE = new CrossSite();

    private CrossSite() {
      super("A page of another site asked for this, which would be done in the user's name.");
    }
  }

  /** A login did not come to its end. */
  public static final class LoginFailed extends Rejection {
    private final int status;

    /**
     * @param status 400, 403, 502 or 503
     * @param detail why, and what to do, in words; of the gateway's own
     */
    public LoginFailed(int status, String detail) {
      super(detail);
      this.status = status;
    }

    /** 400, 403, 502 or 503. */
    public int status() {
      return status;
    }
  }

  /** The tenant's decision service does not let the request in. */
  public static final class DecidedAgainst extends Rejection {
    private final int status;
    private final Optional<String> challenge;

    /**
     * @param status 401 or 403
     * @param challenge what the service says of how to prove who calls (RFC 9110 section 11.6.1)
     */
    public DecidedAgainst(int status, Optional<String> challenge) {
      super(
          status == 401
              ? "A credential is needed that the tenant's own service accepts."
              : "The tenant's own service does not allow this.");
      this.status = status;
      this.challenge = challenge;
    }

    /** 401 or 403. */
    public int status() {
      return status;
    }

    /** What {@code WWW-Authenticate} is to say; empty for what it always says. */
    public Optional<String> challenge() {
      return challenge;
    }
  }

  /** The source has tried many hosts or credentials, and nothing that it sends is looked at. */
  public static final class SourceBlocked extends Rejection {
    private final transient Duration left;

    /**
     * @param left for how long still
     */
    public SourceBlocked(Duration left) {
      super("Too much was tried in vain from this address; try again later.");
      this.left = left;
    }

    /** In how many seconds it may come again. */
    public long retryAfterSeconds() {
      return left.toSeconds() + 1;
    }
  }

  /** More has left to the caller, or to the whole tenant, than may, or than is usual. */
  public static final class EgressBudget extends Rejection {
    private final transient Duration left;

    /**
     * @param left for how long still
     */
    public EgressBudget(Duration left) {
      super("More was fetched than may be for now; try again later.");
      this.left = left;
    }

    /** In how many seconds it may come again. */
    public long retryAfterSeconds() {
      return left.toSeconds() + 1;
    }
  }

  /** The tenant has used up its share for now. */
  public static final class RateLimited extends Rejection {
    private final transient RateLimitState state;

    public RateLimited(RateLimitState state) {
      super("This tenant has sent more requests than its limit allows; try again later.");
      this.state = state;
    }

    /** What the client is told of the limit. */
    public RateLimitState state() {
      return state;
    }
  }

  /** The tenant has had as many requests, or bytes, as it may have in a month. */
  public static final class MonthlyQuotaUsedUp extends Rejection {
    private final long retryAfterSeconds;

    public MonthlyQuotaUsedUp(Instant now) {
      super("This tenant has used all that its plan allows in this month.");
      Instant nextMonth = MonthlyUse.beginOf(MonthlyUse.monthOf(now).plusMonths(1));
      this.retryAfterSeconds = Math.max(1, Duration.between(now, nextMonth).toSeconds());
    }

    /** When the next month begins (UTC). */
    public long retryAfterSeconds() {
      return retryAfterSeconds;
    }
  }

  /** As many requests, or WebSockets, of the tenant as it may have are under way. */
  public static final class TooManyConcurrentRequests extends Rejection {
    private TooManyConcurrentRequests(String detail) {
      super(detail);
    }

    /** It has as many requests in flight as it may at one gateway. */
    public static TooManyConcurrentRequests requests(int most) {
      return new TooManyConcurrentRequests(
          "This tenant has %d requests in flight, as many as it may; try again when one has ended."
              .formatted(most));
    }

    /** It has as many WebSockets open as it may at one gateway. */
    public static TooManyConcurrentRequests webSockets(int most) {
      return new TooManyConcurrentRequests(
          "This tenant has %d WebSockets open, as many as it may; try again when one has closed."
              .formatted(most));
    }
  }

  /** No route leads anywhere from here. */
  public static final class NoRoute extends Rejection {
    public static final NoRoute INSTANCE = new NoRoute();

    private NoRoute() {
      super("No service is routed at this path.");
    }
  }

  /** A route leads on from here, but not for the request's method. */
  public static final class MethodNotRouted extends Rejection {
    private final String allow;

    /**
     * @param allow what {@code Allow} is to say (RFC 9110 section 10.2.1)
     */
    public MethodNotRouted(String allow) {
      super("This method is not served at this path; these are: " + allow + ".");
      this.allow = allow;
    }

    /** The methods that are served, separated by commas. */
    public String allow() {
      return allow;
    }
  }

  /** The route, or the host, sends the client elsewhere. */
  public static final class Redirected extends Rejection {
    private final int status;
    private final String location;
    private final String cacheControl;

    /**
     * @param status 301, 302, 303, 307 or 308
     * @param location where to (RFC 9110 section 10.2.2)
     */
    public Redirected(int status, String location) {
      this(status, location, "");
    }

    private Redirected(int status, String location, String cacheControl) {
      super("This is found at another place; the Location header says where.");
      this.status = status;
      this.location = location;
      this.cacheControl = cacheControl;
    }

    /**
     * To another host of the tenant. Clients keep a permanent redirect for good, but a host may
     * become somebody else's: so that it is asked for again within an hour.
     *
     * @param status 301 or 308
     * @param location where to
     */
    public static Redirected toOtherHost(int status, String location) {
      return new Redirected(status, location, "max-age=3600");
    }

    /**
     * To where the caller can log in: for this one time.
     *
     * @param status 302, 303 or 307
     * @param location where to
     */
    public static Redirected toLogin(int status, String location) {
      return new Redirected(status, location, "no-store");
    }

    /** How long it may be relied on; empty if nothing is said of that. */
    public String cacheControl() {
      return cacheControl;
    }

    /** 301, 302, 303, 307 or 308. */
    public int status() {
      return status;
    }

    /** Where to. */
    public String location() {
      return location;
    }
  }

  /** The control plane asked whether the host leads here, and it does. */
  public static final class ChallengeAnswered extends Rejection {
    private final String answer;

    /**
     * @param answer plain text
     */
    public ChallengeAnswered(String answer) {
      super("The gateway itself answers what proves the control of a domain.");
      this.answer = answer;
    }

    /** The body of the answer. */
    public String answer() {
      return answer;
    }
  }

  /** The client names a version that the API does not have. */
  public static final class UnknownApiVersion extends Rejection {
    /**
     * @param header where the client named it
     * @param known the versions that there are, separated by commas
     */
    public UnknownApiVersion(String header, String known) {
      super(
          "The header " + header + " must name one version of this API; there are: " + known + ".");
    }
  }

  /** The gateway cannot say who the tenant is, so it says nothing to the upstream. */
  public static final class NoSigningKey extends Rejection {
    public static final NoSigningKey INSTANCE = new NoSigningKey();

    private NoSigningKey() {
      super("The gateway has no signing key yet; try again shortly.");
    }
  }

  /** The service is to be told where the tenant's data are, and they are nowhere yet. */
  public static final class NoDatabase extends Rejection {
    public static final NoDatabase NOT_PLACED =
        new NoDatabase("The tenant's data have no place yet; try again shortly.");
    public static final NoDatabase NO_KEY =
        new NoDatabase("The gateway has no key of the tenant's database yet; try again shortly.");

    private NoDatabase(String detail) {
      super(detail);
    }
  }

  /** The gateway holds as many requests as it may, or has not yet learnt of any tenant. */
  public static final class Overloaded extends Rejection {
    public static final Overloaded TOO_MANY_IN_FLIGHT =
        new Overloaded("The gateway is at its limit of requests in flight; try again shortly.");
    public static final Overloaded UPSTREAM_BUSY =
        new Overloaded("All connections to the service are taken; try again shortly.");
    public static final Overloaded TOO_MANY_WEB_SOCKETS =
        new Overloaded("The gateway is at its limit of open WebSockets; try again shortly.");
    public static final Overloaded NOT_READY =
        new Overloaded("The gateway is starting; try again shortly.");

    public static final Overloaded DISPLACED =
        new Overloaded(
            "The service is busy, and of all tenants this one has most requests waiting for it;"
                + " this one made room for another tenant's. Try again shortly.");
    public static final Overloaded DRAINED =
        new Overloaded("What this tenant had under way here was ended; try again.");

    private Overloaded(String detail) {
      super(detail);
    }

    /** So many requests, over all tenants, wait for the service already. */
    public static Overloaded queueFull(int most) {
      return new Overloaded(
          "The service is busy, and %d requests wait for it, as many as may; try again shortly."
              .formatted(most));
    }

    /** So many requests of the tenant wait for the service already. */
    public static Overloaded tenantQueueFull(int most) {
      return new Overloaded(
          "The service is busy, and %d requests of this tenant wait for it, as many as may; try again shortly."
              .formatted(most));
    }

    /** It waited for the service for so long, and may no longer. */
    public static Overloaded waitedTooLong(Duration maxWait) {
      return new Overloaded(
          "The service is busy; the request waited %d ms, as long as it may. Try again shortly."
              .formatted(maxWait.toMillis()));
    }
  }

  /** The service failed so often that it is left alone for a while. */
  public static final class CircuitOpen extends Rejection {
    private final int retryAfterSeconds;

    /**
     * @param openFor how long it is left alone
     */
    public CircuitOpen(Duration openFor) {
      super("The service failed too often lately and is given time to recover; try again later.");
      this.retryAfterSeconds = (int) Math.max(1, openFor.plusMillis(999).toSeconds());
    }

    /** When a retry may help, in whole seconds: the whole time that the circuit stays open. */
    public int retryAfterSeconds() {
      return retryAfterSeconds;
    }
  }

  /** The upstream could not be reached, or broke off before its response began. */
  public static final class UpstreamFailed extends Rejection {
    private final String proxyStatus;

    /**
     * @param proxyStatus the error type of RFC 9209 section 2.3
     */
    public UpstreamFailed(String proxyStatus) {
      super("The service behind the gateway did not answer properly.");
      this.proxyStatus = proxyStatus;
    }

    /** The error type of RFC 9209 section 2.3. */
    public String proxyStatus() {
      return proxyStatus;
    }
  }

  /** The upstream took longer than it may. */
  public static final class UpstreamTimedOut extends Rejection {
    private final String proxyStatus;

    /**
     * @param proxyStatus the error type of RFC 9209 section 2.3
     */
    public UpstreamTimedOut(String proxyStatus) {
      super("The service behind the gateway did not answer in time.");
      this.proxyStatus = proxyStatus;
    }

    /** The error type of RFC 9209 section 2.3. */
    public String proxyStatus() {
      return proxyStatus;
    }
  }

  /** A fault in the gateway itself. */
  public static final class Internal extends Rejection {
    public static final Internal INSTANCE = new Internal();

    private Internal() {
      super("The gateway met a fault of its own; it has been logged.");
    }
  }
}

package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.gateway.authenticate.certificate.Confirmation;
import dev.gatehouse.gateway.session.SessionRef;

/** What a caller proved who it is with. */
public sealed interface Credential {
  /** The way of proving that it belongs to. */
  AuthenticationMethod method();

  /** Whether the upstream is not to see the header Authorization: it was for the gateway. */
  default boolean withholdsAuthorization() {
    return false;
  }

  /** What the caller must show beside it, each time. */
  default Confirmation confirmation() {
    return Confirmation.Bearer.INSTANCE;
  }

  /** Whether the next request with it finds the same caller, and not a new one. */
  default boolean isRemembered() {
    return true;
  }

  /**
   * Nothing.
   *
   * @param byRoute whether it is the route that asks for nothing, and not the tenant
   */
  record None(boolean byRoute) implements Credential {
    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.ANONYMOUS;
    }
  }

  /**
   * One of the tenant's API keys.
   *
   * @param keyId its public part
   */
  record Key(String keyId) implements Credential {
    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.API_KEY;
    }
  }

  /**
   * A token of one of the tenant's identity providers.
   *
   * @param origin where it came from
   * @param confirmation what its holder must show beside it
   */
  record Token(TokenOrigin origin, Confirmation confirmation) implements Credential {
    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.JWT;
    }

    @Override
    public boolean withholdsAuthorization() {
      return !origin.isForwarded();
    }
  }

  /**
   * A token that the tenant's authorization server vouches for.
   *
   * @param by who was asked, as it was then
   * @param confirmation what its holder must show beside it
   */
  record Introspected(EdgeIntrospection by, Confirmation confirmation) implements Credential {
    @Override
    public boolean isRemembered() {
      return !by.cacheFor().orElse(EdgeIntrospection.DEFAULT_CACHE_FOR).isZero();
    }

    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.INTROSPECTION;
    }

    @Override
    public boolean withholdsAuthorization() {
      return !by.forwardToken().orElse(false);
    }
  }

  /**
   * A certificate of one of the tenant's client authorities.
   *
   * @param authority as it was when the certificate was verified
   * @param serial of the certificate, as the authority's list of revoked ones has it
   */
  record Certificate(EdgeClientAuthority authority, String serial) implements Credential {
    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.CLIENT_CERTIFICATE;
    }
  }

  /** A session, which may end while something is open by it. */
  sealed interface OfSession extends Credential {
    /** Which; lets nobody in. */
    SessionRef session();
  }

  /**
   * The session of a user who has logged in.
   *
   * @param origin by whose word
   * @param session which; lets nobody in
   */
  record Session(TokenOrigin origin, SessionRef session) implements OfSession {
    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.SESSION;
    }
  }

  /**
   * The session of a member who has logged in at the platform's account host.
   *
   * @param session which; lets nobody in
   */
  record AccountSession(SessionRef session) implements OfSession {
    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.ACCOUNT;
    }
  }

  /**
   * Whatever convinced the tenant's decision service.
   *
   * @param by who was asked, as it was then
   */
  record Decided(EdgeForwardAuth by) implements Credential {
    @Override
    public boolean isRemembered() {
      return false;
    }

    @Override
    public AuthenticationMethod method() {
      return AuthenticationMethod.FORWARD_AUTH;
    }
  }
}

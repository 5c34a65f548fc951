package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * That a user has logged in at one host of one tenant.
 *
 * @param origin by whose word
 * @param holder who it is at the tenant
 * @param vouchedAt when that was said last
 * @param startedAt when the user logged in
 * @param endsAt when the user must log in again
 * @param refreshAt when it is asked for again whether that holds
 */
public record Session(
    Origin origin,
    ClaimRules.Holder holder,
    Instant vouchedAt,
    Instant startedAt,
    Instant endsAt,
    Instant refreshAt) {

  /** By whose word a user has logged in. */
  public sealed interface Origin {
    /**
     * One of the tenant's identity providers.
     *
     * @param id which
     * @param issuer whose name it had then
     * @param sub who the user is there
     * @param sid its name for its own session
     * @param refreshToken what it is asked with again; it is not if absent
     * @param idToken what is shown to it at the end (RP-Initiated Logout section 2); absent if it
     *     is too long to be kept
     */
    record Provider(
        UUID id,
        String issuer,
        String sub,
        Optional<String> sid,
        Optional<String> refreshToken,
        Optional<String> idToken)
        implements Origin {
      @Override
      public String toString() {
        return "Provider[" + id + "]";
      }
    }

    /**
     * The platform's account host.
     *
     * @param tenant whose host that is
     * @param session the user's session there
     * @param provider with which of its identity providers the user logged in there
     * @param vouchedAt when that provider said so
     * @param issuer that provider's name
     * @param sub who the user is at that provider
     */
    record Account(
        UUID tenant,
        TokenDigest session,
        UUID provider,
        Instant vouchedAt,
        String issuer,
        String sub)
        implements Origin {
      @Override
      public String toString() {
        return "Account[" + tenant + "]";
      }
    }
  }

  /** Whether it is to be asked for again. */
  public boolean isStale(Instant now) {
    return mayBeRefreshed() && !now.isBefore(refreshAt);
  }

  /** Whether it can be asked for again. */
  public boolean mayBeRefreshed() {
    return switch (origin) {
      case Origin.Provider provider -> provider.refreshToken().isPresent();
      case Origin.Account _ -> true;
    };
  }

  /** This, asked for again at another time. */
  public Session refreshingAt(Instant time) {
    return new Session(origin, holder, vouchedAt, startedAt, endsAt, time);
  }

  @Override
  public String toString() {
    return "Session[" + holder.subject() + " by " + origin + ", until " + endsAt + "]";
  }
}

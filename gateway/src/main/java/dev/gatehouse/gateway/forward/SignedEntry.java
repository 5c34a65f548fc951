package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.client.IpBits;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.sign.Signed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry that is still the request that was let in. */
abstract class SignedEntry extends InFlight.Entry {
  /** The request itself. */
  final Signed signed;

  SignedEntry(Signed signed) {
    this.signed = signed;
  }

  @Override
  public final Tenant tenant() {
    return signed.tenant();
  }

  @Override
  public final List<Principal> proofs() {
    return signed.authenticated().proofs();
  }

  @Override
  public final @Nullable IpBits address() {
    return signed.exchange().client().bits();
  }

  @Override
  public final long startNanos() {
    return signed.exchange().startNanos();
  }
}

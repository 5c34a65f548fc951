package dev.gatehouse.gateway.residency;

import dev.gatehouse.contract.tenant.Region;
import dev.gatehouse.gateway.client.AddressRules;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.client.IpBits;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets requests in whose tenant is known, by where they come from and where this gateway is. */
public final class Entrance {
  private final AddressRules platform;
  private final ResidencyConfig residency;

  /**
   * @param platform from where requests may come, whichever tenant they are for
   */
  public Entrance(AddressRules platform, ResidencyConfig residency) {
    this.platform = platform;
    this.residency = residency;
  }

  /**
   * Lets a request pass.
   *
   * @param client null for one that is only explained, and comes from nowhere
   * @throws Rejection if the request may not come from there, or the tenant not be served here
   */
  public void admit(Tenant tenant, @Nullable ClientAddress client) {
    if (client != null && !(platform.admit(client) && tenant.addresses().admit(client))) {
      throw Rejection.AddressNotAllowed.INSTANCE;
    }
    Region bound = tenant.region();
    if (bound != null && residency.region().filter(bound::equals).isEmpty()) {
      throw new Rejection.OutsideRegion(
          bound, residency.gatewayOf(bound), residency.elsewhere() == Elsewhere.FORWARD);
    }
  }

  /**
   * Why something that is under way may not go on; empty if it may.
   *
   * @param then its tenant as it was when it began
   * @param now its tenant
   * @param address the client's; null if it has none
   */
  public Optional<Rejection> withdrawn(Tenant then, Tenant now, @Nullable IpBits address) {
    if (then == now) {
      return Optional.empty();
    }
    if (!now.addresses().admit(address)) {
      return Optional.of(Rejection.AddressNotAllowed.INSTANCE);
    }
    // It may have been sent to where the tenant is not at home any more.
    Region bound = now.region();
    return bound == null || bound.equals(then.region())
        ? Optional.empty()
        : Optional.of(Rejection.Overloaded.DRAINED);
  }
}

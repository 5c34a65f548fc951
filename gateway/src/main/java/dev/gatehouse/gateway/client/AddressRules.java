package dev.gatehouse.gateway.client;

import dev.gatehouse.contract.net.AddressRange;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * From where requests may come. Immutable.
 *
 * @param allow from there alone; from anywhere if empty
 * @param deny not from there, whatever {@code allow} says
 */
public record AddressRules(AddressSet allow, AddressSet deny) {
  /** From anywhere. */
  public static final AddressRules NONE = new AddressRules(AddressSet.EMPTY, AddressSet.EMPTY);

  /** The rules of two lists of ranges. */
  public static AddressRules of(Collection<AddressRange> allow, Collection<AddressRange> deny) {
    return allow.isEmpty() && deny.isEmpty()
        ? NONE
        : new AddressRules(AddressSet.of(allow), AddressSet.of(deny));
  }

  /** Whether they may come from anywhere. */
  public boolean isEmpty() {
    return allow.isEmpty() && deny.isEmpty();
  }

  /** Whether a client may come in. */
  public boolean admit(ClientAddress client) {
    return admit(client.bits());
  }

  /**
   * The same.
   *
   * @param bits its address; where there are rules, one without an address may not
   */
  public boolean admit(@Nullable IpBits bits) {
    return isEmpty()
        || (bits != null && !deny.contains(bits) && (allow.isEmpty() || allow.contains(bits)));
  }
}

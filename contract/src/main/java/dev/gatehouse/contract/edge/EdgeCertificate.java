package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.UUID;

/**
 * A certificate that gateways show, with its key. A tenant's is shown at hosts of this tenant
 * alone, whatever names stand in it; the platform's at every host that no certificate of its own
 * tenant is good for.
 *
 * @param id never changes
 * @param tenantId whose hosts it is for; the platform's if absent
 * @param chain certificates as PEM, the server's own first
 * @param privateKey PKCS #8 as PEM; never logged
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeCertificate(UUID id, Optional<UUID> tenantId, String chain, String privateKey)
    implements EdgeObject {
  /** The longest chain, in characters. */
  public static final int MAX_CHAIN_LENGTH = 64 * 1024;

  /** The longest key, in characters: twice what RSA with 8,192 bits takes. */
  public static final int MAX_KEY_LENGTH = 16 * 1024;

  /**
   * @throws IllegalArgumentException if one is too long
   */
  public EdgeCertificate {
    Range.check("length of chain", chain.length(), 1, MAX_CHAIN_LENGTH);
    Range.check("length of privateKey", privateKey.length(), 1, MAX_KEY_LENGTH);
  }

  @Override
  public Kind kind() {
    return Kind.CERTIFICATE;
  }

  @Override
  public String key() {
    return id.toString();
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return "EdgeCertificate[id=" + id + ", tenantId=" + tenantId + "]";
  }
}

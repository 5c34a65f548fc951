package dev.gatehouse.controlplane.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.controlplane.key.Resealing;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.Sealer;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Seals what the control plane keeps secret for tenants with their own keysets. What is sealed
 * begins with {@link Resealing#MARK}, and then with the id of its key; what does not was sealed
 * with the master key before there were keysets. Any thread that may wait.
 */
public final class TenantSecrets implements TenantSealers {
  private static final byte[] MARK_BYTES = Resealing.MARK.getBytes(UTF_8);

  private final KeysetService keysets;
  private final MasterKey masterKey;

  /**
   * @param masterKey seals for the platform, and opens what is not sealed with a keyset yet
   */
  public TenantSecrets(KeysetService keysets, MasterKey masterKey) {
    this.keysets = keysets;
    this.masterKey = masterKey;
  }

  @Override
  public Sealer of(SqlConnection connection, UUID tenant) {
    KeysetOf name = nameOf(tenant);
    return new OfTenant(
        tenant,
        () -> keysets.find(connection, name),
        () -> keysets.openToEncrypt(connection, name, 1, 1));
  }

  @Override
  public Sealer of(SqlConnection connection, Optional<UUID> tenant) {
    return tenant.map(id -> of(connection, id)).orElse(masterKey);
  }

  @Override
  public Sealer of(UUID tenant, @Nullable Buffer wrapped) {
    return new OfTenant(
        tenant,
        () -> Optional.ofNullable(wrapped).map(it -> keysets.openedAtHand(nameOf(tenant), it)),
        () -> {
          throw new IllegalStateException("this one only opens");
        });
  }

  private static KeysetOf nameOf(UUID tenant) {
    return new KeysetOf(tenant, KeysetKind.SECRETS);
  }

  private static byte[] associatedData(UUID tenant, String context) {
    return ("gatehouse/" + tenant + "/secrets/" + context).getBytes(UTF_8);
  }

  /** The keys are looked for when they are needed, since most documents have no secret. */
  private final class OfTenant implements Sealer {
    private final UUID tenant;
    private final Supplier<Optional<Keyset>> toOpen;
    private final Supplier<Keyset> toSeal;

    OfTenant(UUID tenant, Supplier<Optional<Keyset>> toOpen, Supplier<Keyset> toSeal) {
      this.tenant = tenant;
      this.toOpen = toOpen;
      this.toSeal = toSeal;
    }

    @Override
    public byte[] seal(byte[] secret, String context) {
      try {
        byte[] sealed = toSeal.get().encrypt(secret, associatedData(tenant, context));
        byte[] marked = Arrays.copyOf(MARK_BYTES, MARK_BYTES.length + sealed.length);
        System.arraycopy(sealed, 0, marked, MARK_BYTES.length, sealed.length);
        return marked;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a secret of a tenant cannot be sealed", e);
      }
    }

    @Override
    public byte[] open(byte[] sealed, String context) {
      int mark = MARK_BYTES.length;
      if (sealed.length < mark || !Arrays.equals(sealed, 0, mark, MARK_BYTES, 0, mark)) {
        return masterKey.open(sealed, context);
      }
      try {
        return toOpen
            .get()
            .orElseThrow(() -> new IllegalStateException("the tenant's keys are gone"))
            .decrypt(
                Arrays.copyOfRange(sealed, mark, sealed.length), associatedData(tenant, context));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a secret does not open with the keys of its tenant", e);
      }
    }
  }
}

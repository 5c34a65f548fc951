package dev.gatehouse.controlplane.secret;

import com.google.crypto.tink.Aead;
import java.util.Optional;

/**
 * What master keys need that do not stand in the configuration as they are.
 *
 * @param service has wrapped those that begin with {@code kms:}
 * @param decapsulationKey opens what stands behind {@code ml-kem:}
 */
public record KeySources(Optional<Aead> service, Optional<DecapsulationKey> decapsulationKey) {
  /** For keys that stand there as they are. */
  public static final KeySources NONE = new KeySources(Optional.empty(), Optional.empty());
}

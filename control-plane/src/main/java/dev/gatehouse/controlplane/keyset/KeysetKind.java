package dev.gatehouse.controlplane.keyset;

import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import java.util.Locale;

/** What a tenant has a keyset for. */
enum KeysetKind {
  /** Seals what the control plane keeps secret for the tenant: AES-256-GCM. */
  SECRETS,
  /** Encrypts what applications hand over: AES-256-GCM. */
  DATA,
  /** Signs what applications hand over: Ed25519. */
  SIGNATURES;

  /** Of what kind its keys are. */
  Parameters parameters() {
    return switch (this) {
      case SECRETS, DATA -> PredefinedAeadParameters.AES256_GCM;
      case SIGNATURES -> PredefinedSignatureParameters.ED25519;
    };
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static KeysetKind of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}

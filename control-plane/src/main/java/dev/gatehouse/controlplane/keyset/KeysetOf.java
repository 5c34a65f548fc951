package dev.gatehouse.controlplane.keyset;

import java.util.UUID;

/** Names a keyset. */
record KeysetOf(UUID tenant, KeysetKind kind) {
  /** For what it is wrapped: it cannot be put in the place of another. */
  String wrapContext() {
    return "tenant_keyset/" + tenant + "/" + kind.wireName();
  }
}

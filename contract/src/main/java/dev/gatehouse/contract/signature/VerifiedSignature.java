package dev.gatehouse.contract.signature;

import java.util.List;

/**
 * A signature that verified. Only what it covers can be believed.
 *
 * @param key which key made it
 * @param components what it covers
 * @param parameters what it says of itself; whoever must not see a message twice remembers the
 *     nonce until the signature is too old
 */
public record VerifiedSignature(
    String key, List<Component> components, SignatureParameters parameters) {}

/**
 * Signatures over whole HTTP messages (RFC 9421), by Ed25519 or HMAC-SHA256, and digests of their
 * bodies (RFC 9530).
 *
 * <p>In comes a {@link dev.gatehouse.contract.signature.Message}, the few things of a request or a
 * response that can be signed. A {@link dev.gatehouse.contract.signature.MessageSigner} gives the
 * two headers that go with it, or refuses with {@link
 * dev.gatehouse.contract.signature.UnsignableMessageException}; a {@link
 * dev.gatehouse.contract.signature.MessageVerifier} reads them back, and everything that does not
 * verify is a {@link dev.gatehouse.contract.signature.SignatureRefusedException}. Nothing in this
 * package blocks.
 */
@NullMarked
package dev.gatehouse.contract.signature;

import org.jspecify.annotations.NullMarked;

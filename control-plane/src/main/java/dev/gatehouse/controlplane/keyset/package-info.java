/**
 * The keys of each tenant, as keysets of Google Tink: made at their first use, rotated in time and
 * on request, destroyed with the tenant; and what applications do with them.
 *
 * <p>In: bytes and a context. Out: ciphertexts and signatures that name the key they were made
 * with. What fails is a typed problem that does not say which of key, context and bytes is wrong. A
 * keyset rests wrapped by the master key, which the database never sees.
 */
@NullMarked
package dev.gatehouse.controlplane.keyset;

import org.jspecify.annotations.NullMarked;

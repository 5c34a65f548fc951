/**
 * What makes the audit trail verifiable: the canonical form of an entry, the hash chain, the tree
 * over all chains, signed checkpoints, and the verifier of an export. In: lines of an export and
 * pinned public keys. Out: a {@link dev.gatehouse.contract.audit.Verdict}. It needs nothing but the
 * Java runtime and a JSON reader; docs/audit.md specifies all of it for other implementations.
 */
@NullMarked
package dev.gatehouse.contract.audit;

import org.jspecify.annotations.NullMarked;

/**
 * Security events: what a gateway or the control plane has refused, as numbers. In: single
 * refusals. Out: {@link dev.gatehouse.contract.security.SecurityReport}s, which a gateway hands to
 * the control plane. However much is refused, what is kept and sent has a bound.
 */
@NullMarked
package dev.gatehouse.contract.security;

import org.jspecify.annotations.NullMarked;

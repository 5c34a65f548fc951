/**
 * Questions to the DNS, for features that must know what stands there now: nothing is cached here.
 *
 * <p>{@link dev.gatehouse.controlplane.dns.DnsClient} asks, a {@link
 * dev.gatehouse.controlplane.dns.DnsAnswer} says what was found, that nothing is there, or that
 * nobody can tell at the moment: three cases that must not be taken for one another.
 */
@NullMarked
package dev.gatehouse.controlplane.dns;

import org.jspecify.annotations.NullMarked;

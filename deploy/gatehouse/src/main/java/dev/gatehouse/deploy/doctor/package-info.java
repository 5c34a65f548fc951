/**
 * {@code gatehouse doctor}. In: configuration files, a control plane and admin ports of gateways.
 * Out: what was found, and what to do about it. Nothing is changed anywhere; a check that fails or
 * takes too long is a finding like others.
 */
@NullMarked
package dev.gatehouse.deploy.doctor;

import org.jspecify.annotations.NullMarked;

/**
 * How a pending tenant becomes an active one: a list of steps ({@link
 * dev.gatehouse.controlplane.provisioning.ProvisioningStep}), each done once, one after the other,
 * by jobs. What a step does to the database is committed together with the mark that it is done, so
 * that after a crash provisioning goes on where it was.
 */
@NullMarked
package dev.gatehouse.controlplane.provisioning;

import org.jspecify.annotations.NullMarked;

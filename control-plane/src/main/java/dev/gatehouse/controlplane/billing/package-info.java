/**
 * What is invoiced: who was on which plan, in which status, from when to when. The database keeps
 * these periods by itself, with every change of a tenant.
 */
@NullMarked
package dev.gatehouse.controlplane.billing;

import org.jspecify.annotations.NullMarked;

/**
 * Orders certificates for the custom domains that tenants have proved to control (ACME, RFC 8555).
 * In: a verified domain. Out: its certificate, kept sealed and told to the gateways, and its state
 * at the domain. Gateways answer what the authority asks. One job a host, in the database, so that
 * any instance goes on where another has stopped, and no two order for the same host.
 */
@NullMarked
package dev.gatehouse.controlplane.acme;

import org.jspecify.annotations.NullMarked;

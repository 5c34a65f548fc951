/**
 * Certificates of hosts: uploaded by tenants and by the platform, or ordered ({@link
 * dev.gatehouse.controlplane.acme}). In: chain and private key. Out: to the gateways, which show
 * them. Private keys rest sealed, and are told to nobody else.
 */
@NullMarked
package dev.gatehouse.controlplane.certificate;

import org.jspecify.annotations.NullMarked;

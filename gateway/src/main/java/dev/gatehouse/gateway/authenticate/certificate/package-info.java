/**
 * Client certificates. In: the chain that a connection came with, and the authorities of one
 * tenant. Out: whom the chain stands for at this tenant, by path validation as in RFC 5280 section
 * 6 and the tenant's own rules. Fails with a {@link
 * dev.gatehouse.gateway.authenticate.certificate.CertificateFault}. Nothing is fetched, whatever a
 * certificate names: no lists of revoked ones, no issuers.
 */
@NullMarked
package dev.gatehouse.gateway.authenticate.certificate;

import org.jspecify.annotations.NullMarked;

package dev.gatehouse.controlplane.acme;

import dev.gatehouse.controlplane.secret.SealedSecret;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What was ordered for a host.
 *
 * @param underWay the order that has not come to its end; empty if there is none
 * @param failures in a row, since a certificate was issued
 */
record CertificateOrder(UUID id, Optional<UnderWay> underWay, int failures) {
  /**
   * An order.
   *
   * @param location where the authority has it
   * @param key what the certificate will be for, sealed for the row
   * @param revision at which gateways know the answers to its challenges
   * @param since when it was begun
   */
  record UnderWay(String location, SealedSecret key, long revision, Instant since) {}
}

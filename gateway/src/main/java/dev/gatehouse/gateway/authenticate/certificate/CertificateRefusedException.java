package dev.gatehouse.gateway.authenticate.certificate;

/** A certificate does not prove who calls. Has no stack trace: it says nothing about the code. */
final class CertificateRefusedException extends Exception {
  private final CertificateFault fault;

  CertificateRefusedException(CertificateFault fault) {
    super(fault.wireName(), null, false, false);
    this.fault = fault;
  }

  CertificateFault fault() {
    return fault;
  }
}

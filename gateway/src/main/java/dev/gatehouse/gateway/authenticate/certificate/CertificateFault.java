package dev.gatehouse.gateway.authenticate.certificate;

import java.util.Locale;

/**
 * Why a certificate lets nobody in. The client is told of those that only the holder of a genuine
 * certificate can meet; of the others it learns that the credential is not valid here. The later
 * ones say more than the earlier: they were found out behind them.
 */
public enum CertificateFault {
  /** No authority of the tenant leads to it, or a signature on the way is wrong. */
  UNKNOWN_AUTHORITY(""),
  /** A key or an algorithm that can be forged, or costs too much to verify. */
  WEAK(""),
  NOT_FOR_CLIENTS("The certificate is not one for clients."),
  EXPIRED("The certificate, or one that vouches for it, has expired."),
  NOT_YET_VALID("The certificate, or one that vouches for it, is not valid yet."),
  SUBJECT("The certificate names nobody who is let in here."),
  REVOKED("The certificate has been revoked.");

  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String told;

  CertificateFault(String told) {
    this.told = told;
  }

  /** The name in metrics. */
  public String wireName() {
    return wireName;
  }

  /** What the client is told; empty for nothing in particular. */
  public String told() {
    return told;
  }
}

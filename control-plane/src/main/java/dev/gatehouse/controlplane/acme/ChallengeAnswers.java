package dev.gatehouse.controlplane.acme;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.tls.CertificateAndKey;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.util.KeyPairUtils;

/** What gateways answer to the authority, for an order of one host. */
final class ChallengeAnswers {
  private static final int RSA_BITS = 2048;

  private final AcmeConfig.Challenge way;

  ChallengeAnswers(AcmeConfig.Challenge way) {
    this.way = way;
  }

  /**
   * What gateways have to know; empty if the authority has seen the host proved before.
   *
   * @throws AcmeException if it offers no challenge of the way that is configured
   */
  Optional<EdgeAcmeChallenge> of(String host, Order order) throws AcmeException {
    Optional<Challenge> open = openIn(order);
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(answer(new Hostname(host), order, open.get()));
  }

  /** The challenge that is yet to be met. */
  Optional<Challenge> openIn(Order order) throws AcmeException {
    for (Authorization authorization : order.getAuthorizations()) {
      if (authorization.getStatus() == Status.PENDING) {
        return Optional.of(challengeOf(authorization));
      }
    }
    return Optional.empty();
  }

  private Challenge challengeOf(Authorization authorization) throws AcmeException {
    Optional<? extends Challenge> found =
        switch (way) {
          case HTTP_01 -> authorization.findChallenge(Http01Challenge.class);
          case TLS_ALPN_01 -> authorization.findChallenge(TlsAlpn01Challenge.class);
        };
    List<String> offered = authorization.getChallenges().stream().map(Challenge::getType).toList();
    return found.orElseThrow(
        () -> new AcmeException("the authority offers " + offered + " alone, see acme.challenge"));
  }

  private static EdgeAcmeChallenge answer(Hostname host, Order order, Challenge challenge)
      throws AcmeException {
    return switch (challenge) {
      case Http01Challenge http ->
          new EdgeAcmeChallenge(
              host,
              Optional.of(new EdgeAcmeChallenge.Http(http.getToken(), http.getAuthorization())),
              Optional.empty());
      case TlsAlpn01Challenge tls -> {
        // Whatever the key, what makes the certificate signs it as RSA.
        KeyPair keys = KeyPairUtils.createKeyPair(RSA_BITS);
        CertificateAndKey certificate =
            new CertificateAndKey(
                List.of(tls.createCertificate(keys, order.getIdentifiers().getFirst())),
                keys.getPrivate());
        yield new EdgeAcmeChallenge(
            host,
            Optional.empty(),
            Optional.of(new EdgeAcmeChallenge.Tls(certificate.chainPem(), certificate.keyPem())));
      }
      default -> throw new AcmeException("nobody can answer " + challenge.getType());
    };
  }
}

package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.tenant.Hostname;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How gateways prove to a certificate authority that a host is the platform's, while a certificate
 * is being ordered for it (RFC 8555 section 8, RFC 8737). One of both ways is there at least.
 *
 * @param host which host
 * @param http what is answered at {@code http://HOST/.well-known/acme-challenge/TOKEN}
 * @param tls what is shown to whoever asks by TLS for the protocol {@link #TLS_ALPN_PROTOCOL}
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeAcmeChallenge(Hostname host, Optional<Http> http, Optional<Tls> tls)
    implements EdgeObject {
  /** The path before the token (RFC 8555 section 8.3). */
  public static final String PATH = "/.well-known/acme-challenge/";

  /** By which the authority asks for the certificate of the challenge (RFC 8737 section 4). */
  public static final String TLS_ALPN_PROTOCOL = "acme-tls/1";

  /**
   * @throws IllegalArgumentException if there is no way
   */
  public EdgeAcmeChallenge {
    if (http.isEmpty() && tls.isEmpty()) {
      throw new IllegalArgumentException("an ACME challenge must have http or tls");
    }
  }

  @Override
  public Kind kind() {
    return Kind.ACME_CHALLENGE;
  }

  @Override
  public String key() {
    return host.value();
  }

  /**
   * The challenge {@code http-01}.
   *
   * @param token the last segment of the path
   * @param keyAuthorization the answer
   */
  public record Http(String token, String keyAuthorization) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{16,256}");
    private static final Pattern KEY_AUTHORIZATION =
        Pattern.compile("[A-Za-z0-9_-]{16,256}\\.[A-Za-z0-9_-]{16,256}");

    /**
     * @throws IllegalArgumentException if one is anything else than RFC 8555 lets it be
     */
    public Http {
      if (!TOKEN.matcher(token).matches()
          || !KEY_AUTHORIZATION.matcher(keyAuthorization).matches()) {
        throw new IllegalArgumentException(
            "token and keyAuthorization must match " + TOKEN + " and " + KEY_AUTHORIZATION);
      }
    }
  }

  /**
   * The challenge {@code tls-alpn-01}.
   *
   * @param chain the certificate that holds the answer, as PEM
   * @param privateKey its key, PKCS #8 as PEM
   */
  public record Tls(String chain, String privateKey) {
    /**
     * @throws IllegalArgumentException if one is too long
     */
    public Tls {
      Range.check("length of chain", chain.length(), 1, EdgeCertificate.MAX_CHAIN_LENGTH);
      Range.check("length of privateKey", privateKey.length(), 1, EdgeCertificate.MAX_KEY_LENGTH);
    }

    /** Does not show the key. */
    @Override
    public String toString() {
      return "Tls[…]";
    }
  }
}

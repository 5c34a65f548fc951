package dev.gatehouse.gateway.sign;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signatures by AWS-LC, which signs by ECDSA in a sixth of the JDK's time. Used for signatures
 * alone, and only where its library loads: elsewhere the JDK's own does the same.
 */
public final class NativeCryptography {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCryptography.class);
  private static final Optional<Provider> PROVIDER = load();

  private NativeCryptography() {}

  /** The provider; empty where the JDK's own is to be used. */
  public static Optional<Provider> provider() {
    return PROVIDER;
  }

  private static Optional<Provider> load() {
    Throwable fault = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
    if (fault != null) {
      LOG.info(
          "signatures are made and verified by the JDK's own cryptography: {}", fault.toString());
      return Optional.empty();
    }
    return Optional.of(AmazonCorrettoCryptoProvider.INSTANCE);
  }
}

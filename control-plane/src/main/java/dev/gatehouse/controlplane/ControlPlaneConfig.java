package dev.gatehouse.controlplane;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.acme.AcmeConfig;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.customerkey.KeyServiceConfig;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.domain.DomainConfig;
import dev.gatehouse.controlplane.key.SigningKeyConfig;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import dev.gatehouse.controlplane.secret.DecapsulationKey;
import dev.gatehouse.controlplane.secret.KeySources;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.usage.Retention;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;

/**
 * What the control plane needs to start. Everything else lives in its database and changes without
 * a restart.
 *
 * @param http where it listens
 * @param database where PostgreSQL is
 * @param baseDomain the domain under which every tenant has its {@code slug.<base domain>}
 * @param masterKey Base64 of 32 bytes, or {@code file:} and the path of a file with it, or {@code
 *     kms:} and what the key service has made of it; behind that, {@code + ml-kem:} and what was
 *     encapsulated for the decapsulation key; seals secrets at rest; losing it loses them
 * @param bootstrap tokens that are made to exist at start; without it, tokens are made at the very
 *     first start and shown once
 * @param rates how much one caller and one address may ask of the API
 * @param domains how the control of custom domains is proved
 * @param signingKeys when the gateways' keys change
 * @param acme where certificates of custom domains are ordered; nowhere if absent
 * @param formerMasterKeys those before it, written likewise, until nothing is left that they have
 *     sealed; another that is to be the next may stand here, too (default none)
 * @param keysets when the keys of tenants change
 * @param keyService opens master keys that begin with {@code kms:} (default none)
 * @param decapsulationKey Base64 of a private key of ML-KEM-768, or {@code file:} and the path of a
 *     file with it, without which master keys with {@code ml-kem:} do not come about (default none)
 * @param usage how long what tenants did is kept
 */
public record ControlPlaneConfig(
    Http http,
    DatabaseConfig database,
    String baseDomain,
    String masterKey,
    Optional<Bootstrap> bootstrap,
    RateLimitConfig rates,
    DomainConfig domains,
    SigningKeyConfig signingKeys,
    Optional<AcmeConfig> acme,
    List<String> formerMasterKeys,
    KeysetConfig keysets,
    Optional<KeyServiceConfig> keyService,
    Optional<String> decapsulationKey,
    Retention usage) {

  /**
   * @throws IllegalArgumentException if base domain or master key are not what they must be
   */
  public ControlPlaneConfig {
    if (!Hostname.isValid(baseDomain)) {
      throw new IllegalArgumentException(
          "baseDomain must be a host name, found \"" + baseDomain + "\"");
    }
    formerMasterKeys = List.copyOf(formerMasterKeys);
    MasterKey.check(
        masterKey,
        formerMasterKeys,
        keyService.isPresent(),
        decapsulationKey.map(DecapsulationKey::parse));
  }

  /** With no master key before this one, and keys of tenants that change as by default. */
  public ControlPlaneConfig(
      Http http,
      DatabaseConfig database,
      String baseDomain,
      String masterKey,
      Optional<Bootstrap> bootstrap,
      RateLimitConfig rates,
      DomainConfig domains,
      SigningKeyConfig signingKeys,
      Optional<AcmeConfig> acme) {
    this(
        http,
        database,
        baseDomain,
        masterKey,
        bootstrap,
        rates,
        domains,
        signingKeys,
        acme,
        List.of(),
        KeysetConfig.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Retention.DEFAULT);
  }

  /** With everything that has a default at its default. */
  public ControlPlaneConfig(
      Http http,
      DatabaseConfig database,
      String baseDomain,
      String masterKey,
      Optional<Bootstrap> bootstrap) {
    this(
        http,
        database,
        baseDomain,
        masterKey,
        bootstrap,
        RateLimitConfig.DEFAULT,
        DomainConfig.DEFAULT);
  }

  /** With keys that change as often as they do by default. */
  public ControlPlaneConfig(
      Http http,
      DatabaseConfig database,
      String baseDomain,
      String masterKey,
      Optional<Bootstrap> bootstrap,
      RateLimitConfig rates,
      DomainConfig domains) {
    this(
        http,
        database,
        baseDomain,
        masterKey,
        bootstrap,
        rates,
        domains,
        SigningKeyConfig.DEFAULT,
        Optional.empty());
  }

  /** The same with keys of tenants that change at other times. */
  public ControlPlaneConfig withKeysets(KeysetConfig changed) {
    return new ControlPlaneConfig(
        http,
        database,
        baseDomain,
        masterKey,
        bootstrap,
        rates,
        domains,
        signingKeys,
        acme,
        formerMasterKeys,
        changed,
        keyService,
        decapsulationKey,
        usage);
  }

  /** The same with another master key, and those before it. */
  public ControlPlaneConfig withMasterKeys(String current, List<String> former) {
    return new ControlPlaneConfig(
        http,
        database,
        baseDomain,
        current,
        bootstrap,
        rates,
        domains,
        signingKeys,
        acme,
        former,
        keysets,
        keyService,
        decapsulationKey,
        usage);
  }

  /** The same with what master keys need that do not stand here as they are. */
  public ControlPlaneConfig withKeySources(
      Optional<KeyServiceConfig> service, Optional<String> second) {
    return new ControlPlaneConfig(
        http,
        database,
        baseDomain,
        masterKey,
        bootstrap,
        rates,
        domains,
        signingKeys,
        acme,
        formerMasterKeys,
        keysets,
        service,
        second,
        usage);
  }

  /** Asks the key service for the master keys, where they need it. Waits. */
  public MasterKey openMasterKey(Vertx vertx) {
    return MasterKey.of(
        masterKey,
        formerMasterKeys,
        new KeySources(
            keyService.map(service -> service.open(vertx)),
            decapsulationKey.map(DecapsulationKey::parse)));
  }

  /** Does not show the master key. */
  @Override
  public String toString() {
    return "ControlPlaneConfig[http="
        + http
        + ", database="
        + database
        + ", baseDomain="
        + baseDomain
        + "]";
  }

  /**
   * Where it listens.
   *
   * @param host address or name of the interface (default 127.0.0.1)
   * @param port 0 for any that is free (default 9000)
   * @param trustedProxies addresses and ranges of the proxies before it, which say in {@code
   *     X-Forwarded-For} for whom they ask (default none)
   */
  public record Http(String host, int port, List<AddressRange> trustedProxies) {
    /** The defaults. */
    public static final Http DEFAULT = new Http("127.0.0.1", 9000);

    /** With no proxy before it. */
    public Http(String host, int port) {
      this(host, port, List.of());
    }

    /**
     * @throws IllegalArgumentException if the port is out of range
     */
    public Http {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port must be between 0 and 65535, found " + port);
      }
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  /**
   * Where PostgreSQL is.
   *
   * @param url {@code postgresql://user:password@host:port/database}
   * @param ownerUrl the same database with the user who owns and migrates the tables; the user of
   *     {@code url} then serves requests. Left out, the user of {@code url} owns them, and makes a
   *     role {@code <database>_app} that serves requests
   * @param poolSize most connections at once (default 20)
   */
  public record DatabaseConfig(String url, Optional<String> ownerUrl, int poolSize) {
    /** Default of {@link #poolSize()}. */
    public static final int POOL_SIZE = 20;

    /** With one URL, whose user owns the tables. */
    public DatabaseConfig(String url, int poolSize) {
      this(url, Optional.empty(), poolSize);
    }

    /**
     * @throws IllegalArgumentException if a URL cannot be read, both have the same user, or the
     *     pool is empty
     */
    public DatabaseConfig {
      DatabaseUrl application = DatabaseUrl.parse(url);
      if (ownerUrl.isPresent()
          && DatabaseUrl.parse(ownerUrl.get()).user().equals(application.user())) {
        throw new IllegalArgumentException("ownerUrl must have another user than url");
      }
      if (poolSize < 1 || poolSize > 1000) {
        throw new IllegalArgumentException(
            "poolSize must be between 1 and 1000, found " + poolSize);
      }
    }

    /** Does not show the password. */
    @Override
    public String toString() {
      return "DatabaseConfig[url="
          + DatabaseUrl.parse(url)
          + ", ownerUrl="
          + ownerUrl.map(DatabaseUrl::parse)
          + ", poolSize="
          + poolSize
          + "]";
    }
  }

  /**
   * Tokens that are made to exist at start.
   *
   * @param operatorToken {@code gho_…}
   * @param gatewayToken {@code ghg_…}
   */
  public record Bootstrap(Optional<String> operatorToken, Optional<String> gatewayToken) {
    /**
     * @throws IllegalArgumentException if one is not a token of its kind
     */
    public Bootstrap {
      operatorToken.ifPresent(text -> parse("operatorToken", SecretToken.Kind.OPERATOR, text));
      gatewayToken.ifPresent(text -> parse("gatewayToken", SecretToken.Kind.GATEWAY, text));
    }

    Optional<SecretToken> operator() {
      return operatorToken.flatMap(text -> SecretToken.parse(SecretToken.Kind.OPERATOR, text));
    }

    Optional<SecretToken> gateway() {
      return gatewayToken.flatMap(text -> SecretToken.parse(SecretToken.Kind.GATEWAY, text));
    }

    private static void parse(String path, SecretToken.Kind kind, String text) {
      if (SecretToken.parse(kind, text).isEmpty()) {
        throw new IllegalArgumentException(
            path + " must be " + kind.prefix() + "<16 hex digits>_<43 characters of Base64url>");
      }
    }

    /** Does not show the tokens. */
    @Override
    public String toString() {
      return "Bootstrap[…]";
    }
  }
}

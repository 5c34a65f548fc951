package dev.gatehouse.controlplane.acme;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.controlplane.database.Database;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * The account with the authority: one for all instances, made by the first that needs it. Blocks:
 * for virtual threads.
 */
final class AcmeAccounts {
  /** Only one instance makes an account. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('acme_account'), 0)";

  private static final String FIND =
      "SELECT id, private_key, location, set_at FROM acme_account WHERE directory = $1";

  private static final String INSERT =
      """
      INSERT INTO acme_account (id, directory, private_key, location) VALUES ($1, $2, $3, $4)
      """;

  private final Database database;
  private final SecretColumn keys;
  private final AcmeConfig config;
  private final Session session;
  private volatile @Nullable Login login;

  AcmeAccounts(Database database, MasterKey masterKey, AcmeConfig config, Session session) {
    this.database = database;
    this.keys = new SecretColumn(masterKey, "acme_account.private_key");
    this.config = config;
    this.session = session;
  }

  /** Carries what is checked through code that knows of nothing checked. */
  private static final class Refused extends RuntimeException {
    private final AcmeException why;

    Refused(AcmeException why) {
      super(why);
      this.why = why;
    }
  }

  /**
   * The account.
   *
   * @throws AcmeException if there is none yet and the authority gives none
   */
  Login login() throws AcmeException {
    Login known = login;
    if (known != null) {
      return known;
    }
    try {
      Login found =
          database
              .withConnection(this::find)
              .orElseGet(() ->
                  database.inTransaction(tx -> {
                    tx.query(LOCK).execute().await();
                    return find(tx).orElseGet(() -> create(tx));
                  }));
      login = found;
      return found;
    } catch (Refused refused) {
      throw refused.why;
    }
  }

  private Optional<Login> find(SqlConnection connection) {
    for (Row row :
        connection.preparedQuery(FIND).execute(Tuple.of(config.directory().toString())).await()) {
      SealedSecret key =
          new SealedSecret(
              row.getBuffer("private_key"), row.getOffsetDateTime("set_at").toInstant());
      KeyPair pair = EcKeys.read(keys.open(row.getUUID("id"), key));
      return Optional.of(session.login(urlOf(row.getString("location")), pair));
    }
    return Optional.empty();
  }

  private Login create(SqlConnection tx) {
    KeyPair pair = EcKeys.generate();
    AccountBuilder account = new AccountBuilder().agreeToTermsOfService().useKeyPair(pair);
    config.contacts().forEach(account::addContact);
    config
        .externalAccount()
        .ifPresent(external -> account.withKeyIdentifier(external.keyId(), external.hmacKey()));
    try {
      Login made = account.createLogin(session);
      UUID id = UuidCreator.getTimeOrderedEpoch();
      SealedSecret sealed = keys.seal(id, EcKeys.write(pair), Instant.now());
      tx.preparedQuery(INSERT)
          .execute(
              Tuple.of(
                  id,
                  config.directory().toString(),
                  sealed.sealed(),
                  made.getAccountLocation().toString()))
          .await();
      return made;
    } catch (AcmeException e) {
      throw new Refused(e);
    }
  }

  private static URL urlOf(String stored) {
    try {
      return URI.create(stored).toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("it was stored as a URL", e);
    }
  }
}

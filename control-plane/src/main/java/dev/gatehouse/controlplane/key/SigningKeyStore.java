package dev.gatehouse.controlplane.key;

import static dev.gatehouse.controlplane.database.SqlTime.instant;
import static dev.gatehouse.controlplane.database.SqlTime.utc;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The gateways' keys in PostgreSQL, their private halves sealed. Blocks: virtual threads only. */
final class SigningKeyStore {
  private static final String LIST =
      """
      SELECT kid, purpose, public_jwk::text, published_at, signs_from, published_until
        FROM signing_key ORDER BY purpose, signs_from, kid
      """;

  private static final String INSERT =
      """
      INSERT INTO signing_key (kid, purpose, sealed_jwk, public_jwk, published_at, signs_from)
      VALUES ($1, $2, $3, $4, $5, $6)
      """;

  private static final String END =
      """
      UPDATE signing_key SET published_until = $2 WHERE kid = $1 RETURNING sealed_jwk
      """;

  private final Aead masterKey;

  SigningKeyStore(Aead masterKey) {
    this.masterKey = masterKey;
  }

  /** Lets one transaction at a time change the keys, over all instances; readers go on. */
  void lock(SqlConnection tx) {
    tx.query("LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE").execute().await();
  }

  /** All keys by purpose, the one that signs first or has signed first before the others. */
  List<SigningKey> list(SqlConnection connection) {
    List<SigningKey> keys = new ArrayList<>();
    for (Row row : connection.query(LIST).execute().await()) {
      keys.add(
          new SigningKey(
              row.getString("kid"),
              Purpose.fromWireName(row.getString("purpose")),
              Optional.ofNullable(row.getString("public_jwk")),
              instant(row, "published_at").orElseThrow(),
              instant(row, "signs_from").orElseThrow(),
              instant(row, "published_until")));
    }
    return keys;
  }

  void insert(SqlConnection tx, SigningKey key, String privateJwk) {
    tx.preparedQuery(INSERT)
        .execute(
            Tuple.of(
                key.kid(),
                key.purpose().wireName(),
                seal(key.kid(), privateJwk),
                key.publicJwk().map(JsonObject::new).orElse(null),
                utc(key.publishedAt()),
                utc(key.signsFrom())))
        .await();
  }

  /**
   * Sets when the key is destroyed.
   *
   * @return its private half as a JWK
   */
  String end(SqlConnection tx, String kid, Instant end) {
    Row row = tx.preparedQuery(END).execute(Tuple.of(kid, utc(end))).await().iterator().next();
    return open(kid, row.getBuffer("sealed_jwk"));
  }

  void delete(SqlConnection tx, String kid) {
    tx.preparedQuery("DELETE FROM signing_key WHERE kid = $1").execute(Tuple.of(kid)).await();
  }

  private Buffer seal(String kid, String privateJwk) {
    try {
      return Buffer.buffer(
          masterKey.encrypt(privateJwk.getBytes(UTF_8), sealOf(kid).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing signing key " + kid + " failed", e);
    }
  }

  private String open(String kid, Buffer sealed) {
    try {
      return new String(masterKey.decrypt(sealed.getBytes(), sealOf(kid).getBytes(UTF_8)), UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "signing key " + kid + " was sealed with another master key", e);
    }
  }

  /** A sealed key cannot be put in the place of another, or used for another purpose. */
  static String sealOf(String kid) {
    return "signing_key/" + kid;
  }
}

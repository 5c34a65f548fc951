package dev.gatehouse.controlplane.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.audit.ExportVerifier;
import dev.gatehouse.contract.audit.PinnedKeys;
import dev.gatehouse.contract.audit.Verdict;
import dev.gatehouse.contract.audit.Verdict.Broken;
import dev.gatehouse.contract.audit.Verdict.Sound;
import dev.gatehouse.contract.audit.Verdict.Tampering;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.MigratedDatabase;
import dev.gatehouse.controlplane.OneControlPlane;
import dev.gatehouse.controlplane.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A superuser of the database changes the trail; the export tells. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class TamperedTrailTest {
  private static final int ENTRIES = 6;

  @TempDir Path directory;

  private final String url = MigratedDatabase.freshUrl();
  private final AuditDatabase database = new AuditDatabase(url);
  private ControlPlane controlPlane;
  private ApiClient operator;
  private String tenant;
  private Path keys;

  @BeforeEach
  void start() throws IOException {
    controlPlane = OneControlPlane.start(url);
    operator = OneControlPlane.operator(controlPlane);
    tenant = operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    for (int i = 1; i < ENTRIES; i++) {
      operator.post("/v1/tenants/" + tenant + "/api-keys", JsonObject.of("subject", "s" + i));
    }
    assertThat(operator.post("/v1/audit/checkpoints").status()).isEqualTo(200);
    keys = Files.writeString(directory.resolve("keys"), operator.get("/v1/audit/keys").text());
  }

  @AfterEach
  void stop() {
    controlPlane.close();
  }

  @Test
  void anUntouchedTrailIsSound() throws IOException {
    Sound sound = (Sound) verified();
    assertThat(sound.through()).isEqualTo(ENTRIES);
    assertThat(sound.signedThrough()).isEqualTo(ENTRIES);
    assertThat(verified("/v1/audit/export")).isInstanceOf(Sound.class);
    assertThat(verified("/v1/tenants/" + tenant + "/audit/export?from=4"))
        .isInstanceOf(Sound.class);
  }

  @Test
  void anEditedEntryIsNamed() throws Exception {
    database.tamper(
        "UPDATE audit.entry SET entry = replace(entry, '\"s2\"', '\"sX\"') WHERE sequence = 3 AND "
            + ofTenant());
    assertBroken(Tampering.EDITED, 3);
  }

  @Test
  void aDeletedEntryIsNamed() throws Exception {
    database.tamper("DELETE FROM audit.entry WHERE sequence = 3 AND " + ofTenant());
    assertBroken(Tampering.DELETED, 3);
  }

  @Test
  void entriesThatChangedPlacesAreNamed() throws Exception {
    database.tamper(
        "UPDATE audit.entry SET sequence = 1000 WHERE sequence = 3 AND " + ofTenant(),
        "UPDATE audit.entry SET sequence = 3 WHERE sequence = 4 AND " + ofTenant(),
        "UPDATE audit.entry SET sequence = 4 WHERE sequence = 1000 AND " + ofTenant());
    assertBroken(Tampering.REORDERED, 3);
  }

  @Test
  void anInsertedEntryIsNamed() throws Exception {
    database.tamper(
        "UPDATE audit.entry SET sequence = sequence + 1000 WHERE sequence >= 3 AND " + ofTenant(),
        "UPDATE audit.entry SET sequence = sequence - 999 WHERE sequence >= 1000 AND " + ofTenant(),
        "UPDATE audit.chain SET length = length + 1 WHERE id = '%s'".formatted(tenant),
        """
        INSERT INTO audit.entry
        SELECT chain, 3, at, action, actor, resource, '{"action":"forged"}', hash
          FROM audit.entry WHERE sequence = 2 AND %s
        """
            .formatted(ofTenant()));
    assertBroken(Tampering.INSERTED, 3);
  }

  @Test
  void anEntryThatWasDoubledIsNamed() throws Exception {
    database.tamper(
        "ALTER TABLE audit.entry DROP CONSTRAINT entry_pkey",
        "INSERT INTO audit.entry SELECT * FROM audit.entry WHERE sequence = 3 AND " + ofTenant());
    assertBroken(Tampering.DUPLICATED, 3);
  }

  @Test
  void aCutTailIsNamed() throws Exception {
    database.tamper(
        "DELETE FROM audit.entry WHERE sequence > 4 AND " + ofTenant(),
        """
        UPDATE audit.chain SET length = 4, hash = e.hash FROM audit.entry e
         WHERE id = '%s' AND e.chain = id AND e.sequence = 4
        """
            .formatted(tenant));
    assertBroken(Tampering.TAIL_CUT, 5);
  }

  @Test
  void aTailIsMissedAlsoWhereTheCheckpointWasMadeToFit() throws Exception {
    database.tamper(
        "DELETE FROM audit.entry WHERE sequence > 4 AND " + ofTenant(),
        """
        UPDATE audit.chain SET length = 4, hash = e.hash FROM audit.entry e
         WHERE id = '%s' AND e.chain = id AND e.sequence = 4
        """
            .formatted(tenant),
        """
        UPDATE audit.checkpoint_head h SET length = 4, hash = e.hash FROM audit.entry e
         WHERE h.chain = '%s' AND e.chain = h.chain AND e.sequence = 4
        """
            .formatted(tenant));
    restart();
    assertThat(((Broken) verified()).kind()).isEqualTo(Tampering.FORGED_CHECKPOINT);
  }

  @Test
  void anEntryOfAnotherTenantIsNamed() throws Exception {
    String other = operator.post("/v1/tenants", Fresh.tenant()).json().getString("id");
    database.tamper(
        "DELETE FROM audit.entry WHERE sequence = 3 AND " + ofTenant(),
        """
        INSERT INTO audit.entry
        SELECT '%s', 3, at, action, actor, resource, entry, hash FROM audit.entry
         WHERE sequence = 1 AND chain = '%s'
        """
            .formatted(tenant, other));
    assertBroken(Tampering.EDITED, 3);
    Path export = export("/v1/audit/export?tenant=" + other);
    Verdict verdict =
        new ExportVerifier(export, PinnedKeys.read(keys), Optional.of(UUID.fromString(tenant)))
            .verify();
    assertThat(((Broken) verdict).kind()).isEqualTo(Tampering.FOREIGN);
  }

  /** All hashes are made to fit, which needs no secret: only the checkpoint tells. */
  @Test
  void aTrailThatWasWrittenAnewIsNoticed() throws Exception {
    database.tamper(
        """
        DO $$
        DECLARE one audit.entry; last bytea := decode(repeat('00', 32), 'hex');
        BEGIN
          FOR one IN SELECT * FROM audit.entry WHERE chain = '%1$s' ORDER BY sequence LOOP
            one.entry := replace(one.entry, '"s2"', '"sX"');
            last := sha256(last || uuid_send(one.chain) || int8send(one.sequence)
              || int8send((extract(epoch FROM one.at) * 1000000)::bigint)
              || convert_to(one.entry, 'UTF8'));
            UPDATE audit.entry SET entry = one.entry, hash = last
             WHERE chain = one.chain AND sequence = one.sequence;
          END LOOP;
          UPDATE audit.chain SET hash = last WHERE id = '%1$s';
        END $$
        """
            .formatted(tenant));
    assertBroken(Tampering.REWRITTEN, ENTRIES);
  }

  @Test
  void aForgedCheckpointIsNoticed() throws Exception {
    database.tamper("UPDATE audit.checkpoint SET at = at - interval '1 day'");
    assertThat(((Broken) verified()).kind()).isEqualTo(Tampering.FORGED_CHECKPOINT);
  }

  @Test
  void oldKeysVerifyOldCheckpointsAndNotNewOnes() throws IOException {
    assertThat(operator.post("/v1/audit/keys/rotate").json().getJsonArray("items")).hasSize(2);
    assertThat(verified()).isInstanceOf(Sound.class);
    assertThat(operator.get("/v1/audit/keys").json().getJsonArray("items")).hasSize(4);

    operator.post("/v1/audit/checkpoints");
    assertThat(((Broken) verified()).explanation()).contains("of a pinned key");
    Files.writeString(keys, operator.get("/v1/audit/keys").text());
    assertThat(verified()).isInstanceOf(Sound.class);
  }

  private void restart() {
    String token = controlPlane.firstTokens().orElseThrow().operatorToken();
    controlPlane.close();
    controlPlane = OneControlPlane.start(url);
    operator = OneControlPlane.client(controlPlane, token);
  }

  private String ofTenant() {
    return "chain = '" + tenant + "'";
  }

  private void assertBroken(Tampering kind, long sequence) throws IOException {
    Broken broken = (Broken) verified();
    assertThat(broken.kind()).as(broken.explanation()).isEqualTo(kind);
    assertThat(broken.sequence()).isEqualTo(OptionalLong.of(sequence));
  }

  private Verdict verified() throws IOException {
    return verified("/v1/tenants/" + tenant + "/audit/export");
  }

  private Verdict verified(String path) throws IOException {
    return new ExportVerifier(export(path), PinnedKeys.read(keys), Optional.empty()).verify();
  }

  private Path export(String path) throws IOException {
    Reply reply = operator.get(path);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/x-ndjson");
    return Files.writeString(directory.resolve("export"), reply.text());
  }
}

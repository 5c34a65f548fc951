package dev.gatehouse.contract.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.contract.audit.Verdict.Broken;
import dev.gatehouse.contract.audit.Verdict.Sound;
import dev.gatehouse.contract.audit.Verdict.Tampering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExportVerifierTest {
  @TempDir Path directory;

  private final Trail trail = Trail.of(8, 6);

  @Test
  void findsAWholeChainSound() throws IOException {
    Sound sound = (Sound) verify(trail);
    assertThat(sound.chain()).isEqualTo(trail.chain);
    assertThat(sound.through()).isEqualTo(8);
    assertThat(sound.signedThrough()).isEqualTo(6);
  }

  @Test
  void findsAPartSoundThatALaterCheckpointCovers() throws IOException {
    assertThat(verify(Trail.from(4, 8, 6))).isInstanceOf(Sound.class);
    assertThat(verify(Trail.from(7, 8, 6))).isInstanceOf(Sound.class);
  }

  @Test
  void doesNotMindHowTheJsonIsWritten() throws IOException {
    ObjectNode line = trail.lines.get(3);
    ObjectNode turned = Trail.JSON.createObjectNode();
    turned.set("hash", line.get("hash"));
    ObjectNode entry = turned.putObject("entry");
    entry.put("amount", 1.50e0);
    entry.put("action", line.at("/entry/action").asText());
    turned.set("time", line.get("time"));
    turned.set("sequence", line.get("sequence"));
    turned.set("chain", line.get("chain"));
    trail.lines.set(3, turned);
    assertThat(verify(trail)).isInstanceOf(Sound.class);
  }

  @Test
  void namesAnEditedEntry() throws IOException {
    ((ObjectNode) trail.lines.get(3).get("entry")).put("action", "nothing");
    assertBroken(Tampering.EDITED, 3);
  }

  @Test
  void namesAnEntryWithAnotherTime() throws IOException {
    trail.lines.get(3).put("time", "2020-01-01T00:00:00Z");
    assertBroken(Tampering.EDITED, 3);
  }

  @Test
  void namesTheEntryBehindAnEditedOneWhoseHashWasMadeToFit() throws IOException {
    ObjectNode line = trail.lines.get(3);
    ((ObjectNode) line.get("entry")).put("action", "nothing");
    line.put("hash", HexFormat.of().formatHex(trail.hash(line, trail.hashes.get(1))));
    assertBroken(Tampering.EDITED, 4);
  }

  @Test
  void namesADeletedEntry() throws IOException {
    trail.lines.remove(3);
    assertBroken(Tampering.DELETED, 3);
  }

  @Test
  void namesTheFirstOfManyDeletedEntries() throws IOException {
    trail.lines.subList(3, 6).clear();
    Broken broken = assertBroken(Tampering.DELETED, 3);
    assertThat(broken.explanation()).contains("3 to 5");
  }

  @Test
  void namesEntriesThatChangedPlaces() throws IOException {
    Collections.swap(trail.lines, 3, 4);
    assertBroken(Tampering.REORDERED, 3);
  }

  @Test
  void namesEntriesThatChangedPlacesAndNumbers() throws IOException {
    Collections.swap(trail.lines, 3, 5);
    trail.lines.get(3).put("sequence", 3);
    trail.lines.get(5).put("sequence", 5);
    assertBroken(Tampering.REORDERED, 3);
  }

  @Test
  void namesADuplicatedEntry() throws IOException {
    trail.lines.add(4, trail.lines.get(3));
    assertBroken(Tampering.DUPLICATED, 3);
  }

  @Test
  void namesADuplicateThatStandsFarBehind() throws IOException {
    trail.lines.add(7, trail.lines.get(3));
    assertBroken(Tampering.DUPLICATED, 3);
  }

  @Test
  void namesAnInsertedEntryWithTheNumberOfAnother() throws IOException {
    trail.lines.add(4, trail.entry(3, "forged").put("hash", "00".repeat(32)));
    assertBroken(Tampering.INSERTED, 3);
  }

  @Test
  void namesAnInsertedEntryThatPushedTheOthersBack() throws IOException {
    for (int i = 3; i <= 8; i++) {
      trail.lines.get(i).put("sequence", i + 1);
    }
    trail.lines.add(3, trail.entry(3, "forged").put("hash", "00".repeat(32)));
    assertBroken(Tampering.INSERTED, 3);
  }

  @Test
  void namesWhereACutTailBegins() throws IOException {
    trail.lines.subList(5, 9).clear();
    trail.lines.set(5, Trail.end(4));
    Broken broken = assertBroken(Tampering.TAIL_CUT, 5);
    assertThat(broken.explanation()).contains("checkpoint 4 states 6 entries");
  }

  @Test
  void noticesAFileThatWasNotWrittenToItsEnd() throws IOException {
    trail.lines.removeLast();
    assertBroken(Tampering.TAIL_CUT, 9);
  }

  @Test
  void noticesEntriesThatTheLastLineNamesAndThatAreNotThere() throws IOException {
    trail.lines.remove(8);
    assertBroken(Tampering.TAIL_CUT, 8);
  }

  @Test
  void namesAnEntryOfAnotherTenantsChain() throws IOException {
    trail.lines.set(4, Trail.of(8, 6).lines.get(4));
    assertBroken(Tampering.FOREIGN, 4);
  }

  @Test
  void refusesTheChainOfAnotherTenant() throws IOException {
    Path file = trail.writeTo(directory);
    Verdict verdict =
        new ExportVerifier(file, trail.publicKeys(), Optional.of(UUID.randomUUID())).verify();
    assertThat(((Broken) verdict).kind()).isEqualTo(Tampering.FOREIGN);
  }

  @Test
  void doesNotTakeAnotherTenantsCheckpointForThisChain() throws IOException {
    Trail other = Trail.of(8, 6);
    ((ObjectNode) trail.lines.getFirst().get("export")).set("checkpoint", other.checkpoint());
    Path file = trail.writeTo(directory);
    Verdict verdict = new ExportVerifier(file, other.publicKeys(), Optional.empty()).verify();
    assertThat(((Broken) verdict).kind()).isEqualTo(Tampering.FORGED_CHECKPOINT);
  }

  @Test
  void noticesAChainThatWasWrittenAnewFromTheFirstEntryOn() throws IOException {
    byte[] hash = AuditChain.start();
    for (int i = 1; i <= 8; i++) {
      ObjectNode line = trail.lines.get(i);
      if (i == 2) {
        ((ObjectNode) line.get("entry")).put("action", "nothing");
      }
      hash = trail.hash(line, hash);
      line.put("hash", HexFormat.of().formatHex(hash));
    }
    assertBroken(Tampering.REWRITTEN, 6);
  }

  @Test
  void noticesACheckpointThatStatesAnotherLength() throws IOException {
    ((ObjectNode) trail.checkpoint().get("leaf")).put("length", 4);
    assertForged("not under its root hash");
  }

  @Test
  void noticesAnEditedCheckpoint() throws IOException {
    ((ObjectNode) trail.checkpoint().get("statement")).put("sequence", 5);
    assertForged("Ed25519 signature is not valid");
  }

  @Test
  void noticesACheckpointThatSomebodyElseSigned() throws IOException {
    Path file = trail.writeTo(directory);
    Verdict verdict =
        new ExportVerifier(file, Trail.of(1, 1).publicKeys(), Optional.empty()).verify();
    assertThat(((Broken) verdict).kind()).isEqualTo(Tampering.FORGED_CHECKPOINT);
    assertThat(((Broken) verdict).explanation()).contains("no Ed25519 signature of a pinned key");
  }

  @Test
  void needsTheSignatureThatAQuantumComputerCannotForge() throws IOException {
    trail.checkpoint().withArray("signatures").remove(1);
    assertForged("no ML-DSA-65 signature");
  }

  @Test
  void isNotContentWithoutACheckpoint() throws IOException {
    ((ObjectNode) trail.lines.getFirst().get("export")).remove("checkpoint");
    assertThat(broken().kind()).isEqualTo(Tampering.UNSIGNED);
  }

  @Test
  void isNotContentWithACheckpointOfEarlierEntriesOnly() throws IOException {
    Broken broken = (Broken) verify(Trail.from(5, 8, 2));
    assertThat(broken.kind()).isEqualTo(Tampering.UNSIGNED);
  }

  @Test
  void saysWhichLineIsNoEntry() throws IOException {
    Path file = trail.writeTo(directory);
    Files.writeString(file, Files.readString(file).replace("\"act-3\"", "\"act-3\",\"action\":1"));
    Broken broken =
        (Broken) new ExportVerifier(file, trail.publicKeys(), Optional.empty()).verify();
    assertThat(broken.kind()).isEqualTo(Tampering.MALFORMED);
    assertThat(broken.explanation()).contains("Line 4").contains("Duplicate field");
  }

  @Test
  void refusesWhatStandsBehindTheEnd() throws IOException {
    trail.lines.add(trail.entry(9, "late").put("hash", "00".repeat(32)));
    assertThat(broken().kind()).isEqualTo(Tampering.MALFORMED);
  }

  private Broken assertBroken(Tampering kind, long sequence) throws IOException {
    Broken broken = broken();
    assertThat(broken.kind()).as(broken.explanation()).isEqualTo(kind);
    assertThat(broken.sequence()).isEqualTo(OptionalLong.of(sequence));
    return broken;
  }

  private void assertForged(String why) throws IOException {
    Broken broken = broken();
    assertThat(broken.kind()).as(broken.explanation()).isEqualTo(Tampering.FORGED_CHECKPOINT);
    assertThat(broken.explanation()).contains(why);
  }

  private Broken broken() throws IOException {
    return (Broken) verify(trail);
  }

  private Verdict verify(Trail of) throws IOException {
    return new ExportVerifier(of.writeTo(directory), of.publicKeys(), Optional.empty()).verify();
  }
}

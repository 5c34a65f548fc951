package dev.gatehouse.contract.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A chain with a checkpoint and its keys, as a control plane would export it. */
final class Trail {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant BEGIN = Instant.parse("2026-11-27T16:00:00Z");
  private static final HexFormat HEX = HexFormat.of();

  final UUID chain = UUID.randomUUID();
  final Map<AuditKey.Algorithm, KeyPair> keys = new EnumMap<>(AuditKey.Algorithm.class);
  final List<byte[]> hashes = new ArrayList<>();

  /** The lines of the export: a header, the entries, an end. */
  final List<ObjectNode> lines = new ArrayList<>();

  private Trail() {
    for (AuditKey.Algorithm algorithm : AuditKey.Algorithm.values()) {
      keys.put(algorithm, AuditKey.generate(algorithm));
    }
  }

  /** A chain of so many entries, of which the checkpoint covers so many. */
  static Trail of(int entries, int covered) {
    Trail trail = new Trail();
    byte[] hash = AuditChain.start();
    for (int i = 1; i <= entries; i++) {
      hash = trail.add(i, hash);
    }
    trail.lines.addFirst(trail.header(covered));
    trail.lines.add(end(entries));
    return trail;
  }

  /** The chain from a number on. */
  static Trail from(int from, int entries, int covered) {
    Trail trail = of(entries, covered);
    ObjectNode header = (ObjectNode) trail.lines.getFirst().get("export");
    header.put("from", from).put("previous", HEX.formatHex(trail.hashes.get(from - 2)));
    trail.lines.subList(1, from).clear();
    return trail;
  }

  static ObjectNode end(long sequence) {
    ObjectNode end = JSON.createObjectNode();
    end.putObject("end").put("sequence", sequence);
    return end;
  }

  private byte[] add(int sequence, byte[] previous) {
    ObjectNode line = entry(sequence, "act-" + sequence);
    byte[] hash = hash(line, previous);
    lines.add(line.put("hash", HEX.formatHex(hash)));
    hashes.add(hash);
    return hash;
  }

  ObjectNode entry(int sequence, String action) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("chain", chain.toString())
            .put("sequence", sequence)
            .put("time", BEGIN.plusSeconds(sequence).toString());
    line.putObject("entry").put("action", action).put("amount", 1.5);
    return line;
  }

  /** What an entry's hash must be at the place that it claims. */
  byte[] hash(ObjectNode line, byte[] previous) {
    try {
      return AuditChain.hash(
          previous,
          UUID.fromString(line.get("chain").asText()),
          line.get("sequence").asLong(),
          Instant.parse(line.get("time").asText()),
          CanonicalJson.of(JSON.treeToValue(line.get("entry"), Map.class)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode header(int covered) {
    Checkpoint.Head ours =
        new Checkpoint.Head(
            chain, covered, covered == 0 ? AuditChain.start() : hashes.get(covered - 1));
    Checkpoint.Head others = new Checkpoint.Head(UUID.randomUUID(), 3, new byte[32]);
    MerkleTree tree = MerkleTree.over(List.of(others.bytes(), ours.bytes(), others.bytes()));
    Checkpoint checkpoint =
        new Checkpoint(4, BEGIN.plusSeconds(60), Checkpoint.NONE, 3, HEX.formatHex(tree.root()));
    ObjectNode header = JSON.createObjectNode();
    ObjectNode export = header.putObject("export");
    export.put("version", 1).put("chain", chain.toString()).put("from", 1);
    export.put("previous", HEX.formatHex(AuditChain.start()));
    ObjectNode signed = export.putObject("checkpoint");
    signed.set("statement", read(checkpoint.statement()));
    ArrayNode signatures = signed.putArray("signatures");
    keys.forEach((algorithm, pair) ->
        signatures
            .addObject()
            .put("algorithm", algorithm.standardName())
            .put("key", AuditKey.of(algorithm, pair.getPublic()).id())
            .put(
                "signature",
                Base64.getEncoder()
                    .encodeToString(
                        AuditKey.sign(
                            algorithm, pair.getPrivate().getEncoded(), checkpoint.signedBytes()))));
    signed
        .putObject("leaf")
        .put("index", 1)
        .put("length", covered)
        .put("hash", HEX.formatHex(ours.hash()));
    ArrayNode proof = signed.putArray("proof");
    tree.proof(1).forEach(hash -> proof.add(HEX.formatHex(hash)));
    return header;
  }

  List<AuditKey> publicKeys() {
    List<AuditKey> all = new ArrayList<>();
    keys.forEach((algorithm, pair) -> all.add(AuditKey.of(algorithm, pair.getPublic())));
    return all;
  }

  ObjectNode checkpoint() {
    return (ObjectNode) lines.getFirst().at("/export/checkpoint");
  }

  Path writeTo(Path directory) throws IOException {
    Path file = directory.resolve(UUID.randomUUID() + ".ndjson");
    return Files.write(file, lines.stream().map(ObjectNode::toString).toList());
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

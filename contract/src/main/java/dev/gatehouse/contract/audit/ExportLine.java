package dev.gatehouse.contract.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A line of an export. */
sealed interface ExportLine {
  /** Strict: what two readers could read in two ways is no line. */
  ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * The first line.
   *
   * @param from sequence number of the first entry
   * @param previous hash before the first entry
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Header(UUID chain, long from, byte[] previous, Optional<SignedCheckpoint> checkpoint)
      implements ExportLine {}

  /**
   * An entry.
   *
   * @param content in its canonical form
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by its hash
  record Entry(UUID chain, long sequence, Instant time, String content, byte[] hash)
      implements ExportLine {

    /** Whether it is what was hashed at this place. */
    boolean fits(byte[] previous, UUID atChain, long atSequence) {
      return Arrays.equals(hash, AuditChain.hash(previous, atChain, atSequence, time, content));
    }
  }

  /** The last line. */
  record End(long sequence) implements ExportLine {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  static ExportLine read(byte[] line) {
    try {
      JsonNode json = JSON.readTree(line);
      if (json.has("export")) {
        return header(json.get("export"));
      } else if (json.has("end")) {
        return new End(number(json.get("end"), "sequence"));
      }
      Map<?, ?> content = JSON.treeToValue(required(json, "entry"), Map.class);
      return new Entry(
          UUID.fromString(text(json, "chain")),
          number(json, "sequence"),
          Instant.parse(text(json, "time")),
          CanonicalJson.of(content),
          hex(text(json, "hash")));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("cannot be read", e);
    }
  }

  private static Header header(JsonNode json) {
    if (number(json, "version") != 1) {
      throw new IllegalArgumentException(
          "version must be 1, found " + json.get("version") + ": a newer program is needed");
    }
    UUID chain = UUID.fromString(text(json, "chain"));
    return new Header(
        chain,
        number(json, "from"),
        hex(text(json, "previous")),
        Optional.ofNullable(json.get("checkpoint")).map(node -> checkpoint(chain, node)));
  }

  /** Reads a checkpoint as an export has it. */
  private static SignedCheckpoint checkpoint(UUID chain, JsonNode json) {
    JsonNode statement = required(json, "statement");
    JsonNode leaf = required(json, "leaf");
    List<SignedCheckpoint.Signature> signatures = new ArrayList<>();
    for (JsonNode signature : required(json, "signatures")) {
      signatures.add(
          new SignedCheckpoint.Signature(
              text(signature, "key"), Base64.getDecoder().decode(text(signature, "signature"))));
    }
    List<byte[]> proof = new ArrayList<>();
    required(json, "proof").forEach(hash -> proof.add(hex(hash.asText())));
    return new SignedCheckpoint(
        new Checkpoint(
            number(statement, "sequence"),
            Instant.parse(text(statement, "time")),
            text(statement, "previous"),
            number(statement, "treeSize"),
            HexFormat.of().formatHex(hex(text(statement, "rootHash")))),
        signatures,
        new Checkpoint.Head(chain, number(leaf, "length"), hex(text(leaf, "hash"))),
        number(leaf, "index"),
        proof);
  }

  private static JsonNode required(JsonNode json, String name) {
    JsonNode member = json.get(name);
    if (member == null || member.isNull()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return member;
  }

  private static String text(JsonNode json, String name) {
    JsonNode member = required(json, name);
    if (!member.isTextual()) {
      throw new IllegalArgumentException(name + " must be a text, found " + member.getNodeType());
    }
    return member.textValue();
  }

  private static long number(JsonNode json, String name) {
    JsonNode member = required(json, name);
    if (!member.isIntegralNumber() || !member.canConvertToLong()) {
      throw new IllegalArgumentException(name + " must be a whole number");
    }
    return member.longValue();
  }

  private static byte[] hex(String text) {
    byte[] bytes = HexFormat.of().parseHex(text);
    if (bytes.length != Sha256.LENGTH) {
      throw new IllegalArgumentException(
          "a hash has 64 hexadecimal digits, found " + text.length());
    }
    return bytes;
  }
}

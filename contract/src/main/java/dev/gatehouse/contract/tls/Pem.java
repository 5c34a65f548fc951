package dev.gatehouse.contract.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Textual encodings (RFC 7468), read strictly: blocks of one kind, and nothing but white space
 * around them. What another reader would take for one more block is no place to hide anything.
 */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile(
          "\\G\\s*+-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]++)-----END"
              + " ([A-Z0-9 ]{1,40})-----\\s*+");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private Pem() {}

  /**
   * Reads the blocks of a text.
   *
   * @param label of every block, such as {@code CERTIFICATE}
   * @return their contents, one at least
   * @throws IllegalArgumentException if there is none, one of another label, or anything else; the
   *     message does not repeat the text
   */
  public static List<byte[]> decode(String label, String text) {
    List<byte[]> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    int end = 0;
    while (block.find()) {
      if (!block.group(1).equals(label) || !block.group(3).equals(label)) {
        throw new IllegalArgumentException(
            "must hold PEM blocks of " + label + " alone, found one of " + block.group(1));
      }
      blocks.add(content(block.group(2), blocks.size() + 1));
      end = block.end();
    }
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("must be PEM, which begins with -----BEGIN " + label);
    }
    if (end < text.length()) {
      throw new IllegalArgumentException(
          "must hold nothing but PEM; after block " + blocks.size() + " comes something else");
    }
    return blocks;
  }

  private static byte[] content(String base64, int number) {
    try {
      return Base64.getDecoder().decode(SPACE.matcher(base64).replaceAll(""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("PEM block " + number + " is not Base64", e);
    }
  }

  /** One block, with lines of 64 characters. */
  public static String encode(String label, byte[] content) {
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }
}

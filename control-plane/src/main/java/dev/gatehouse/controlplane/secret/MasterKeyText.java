package dev.gatehouse.controlplane.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;

/**
 * A master key as the configuration has it: Base64 of it, {@code file:} and the path of a file, or
 * {@code kms:} and what the key service has made of it; and behind that, where there is one, {@code
 * + ml-kem:} and what was encapsulated for the decapsulation key.
 *
 * @param setting what it is called in messages, which do not repeat it
 */
record MasterKeyText(String setting, String text) {
  private static final String FILE = "file:";
  private static final String SERVICE = "kms:";
  private static final String HYBRID = "+ ml-kem:";
  private static final byte[] PURPOSE = "gatehouse/master-key".getBytes(UTF_8);

  /** Whether the key service must be asked for it. */
  boolean needsService() {
    return first().startsWith(SERVICE);
  }

  /**
   * The key.
   *
   * @throws IllegalArgumentException if it is not written so, or what it needs is not there
   */
  byte[] key(KeySources sources) {
    byte[] first = needsService() ? unwrapped(sources.service()) : decoded(first());
    requireLength(first, MasterKey.LENGTH);
    Optional<byte[]> encapsulated = encapsulated();
    if (encapsulated.isEmpty()) {
      return first;
    }
    return sources
        .decapsulationKey()
        .orElseThrow(
            () -> new IllegalArgumentException(setting + " with ml-kem: needs decapsulationKey"))
        .combinedWith(first, encapsulated.get());
  }

  /**
   * Looks at what can be seen without the key service.
   *
   * @throws IllegalArgumentException if it is not written so
   */
  void check(KeySources sources) {
    if (!needsService()) {
      byte[] _ = key(sources);
    } else if (encapsulated().isPresent() && sources.decapsulationKey().isEmpty()) {
      throw new IllegalArgumentException(setting + " with ml-kem: needs decapsulationKey");
    }
  }

  private String first() {
    int hybrid = text.indexOf(HYBRID);
    return contentOf(setting, hybrid < 0 ? text : text.substring(0, hybrid).strip()).strip();
  }

  private Optional<byte[]> encapsulated() {
    int hybrid = text.indexOf(HYBRID);
    if (hybrid < 0) {
      return Optional.empty();
    }
    byte[] found = decoded(text.substring(hybrid + HYBRID.length()));
    requireLength(found, DecapsulationKey.ENCAPSULATED_LENGTH);
    return Optional.of(found);
  }

  private byte[] unwrapped(Optional<Aead> service) {
    Aead asked =
        service.orElseThrow(
            () -> new IllegalArgumentException(setting + " with kms: needs keyService"));
    try {
      return asked.decrypt(first().substring(SERVICE.length()).getBytes(UTF_8), PURPOSE);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "keyService does not open " + setting + ": " + e.getMessage(), e);
    }
  }

  private byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          setting + " must be Base64 of " + MasterKey.LENGTH + " bytes", e);
    }
  }

  private void requireLength(byte[] found, int expected) {
    if (found.length != expected) {
      throw new IllegalArgumentException(
          setting + " must be Base64 of " + expected + " bytes, found " + found.length + " bytes");
    }
  }

  /** What is written, or stands in the file that is named. */
  static String contentOf(String setting, String text) {
    if (!text.startsWith(FILE)) {
      return text;
    }
    String path = text.substring(FILE.length());
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw new IllegalArgumentException(setting + " names a file that cannot be read: " + path, e);
    }
  }
}

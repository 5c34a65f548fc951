package dev.gatehouse.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A server's generated password, in a file that the server's account alone can read. */
final class ServerPassword {
  private static final int BYTES = 24;

  private ServerPassword() {}

  /** Reads the password, or makes it where there is none yet. */
  static String readOrCreate(Path file, ServerUser owner) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      PrivateFile.write(file, HexFormat.of().formatHex(random));
      owner.own(file);
    }
    return Files.readString(file);
  }
}

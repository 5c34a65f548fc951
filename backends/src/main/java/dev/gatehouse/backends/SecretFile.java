package dev.gatehouse.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A generated password in a file that its owner alone can read. */
final class SecretFile {
  private static final int BYTES = 24;

  private SecretFile() {}

  /** Reads the password, or makes it where there is none yet. */
  static String readOrCreate(Path file, ServerUser owner) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    write(file, HexFormat.of().formatHex(random), owner);
    return Files.readString(file).strip();
  }

  /** Writes a file whole, readable by its owner alone. */
  static void write(Path file, String text, ServerUser owner) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    Files.createFile(
        partial,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, text);
    owner.own(partial);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}

package dev.gatehouse.controlplane.keyset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The ids of deleted tenants, one a line, in a file that is only added to and lives apart from the
 * database: what a restored backup of that cannot know. Any thread.
 */
final class Tombstones {
  private static final int UUID_LENGTH = 36;

  private final Path file;

  Tombstones(Path file) {
    this.file = file;
  }

  /**
   * Adds some, and returns when they are on the disk. One may be there twice.
   *
   * @throws UncheckedIOException if they cannot be written: nothing may be destroyed then
   */
  void add(List<UUID> tenants) {
    if (tenants.isEmpty()) {
      return;
    }
    // A line that a crash has cut off ends here.
    String lines =
        tenants.stream().map(UUID::toString).collect(Collectors.joining("\n", "\n", "\n"));
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(US_ASCII));
    try (FileChannel channel = FileChannel.open(file, CREATE, APPEND)) {
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("keysets.tombstones cannot be written: " + file, e);
    }
  }

  /**
   * All there are.
   *
   * @throws IllegalStateException if the file is there and is no list of tenants
   */
  Set<UUID> read() {
    Set<UUID> found = new TreeSet<>();
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file, US_ASCII)) {
          if (line.length() == UUID_LENGTH) {
            found.add(UUID.fromString(line));
          }
        }
      }
      return found;
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("keysets.tombstones cannot be read: " + file, e);
    }
  }
}

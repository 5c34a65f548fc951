package dev.gatehouse.gateway.directory;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.MalformedFeedException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The directory on disk, so that a gateway can start while the control plane is away. The lines of
 * a feed snapshot, sealed with AES-256-GCM in segments (Tink's AES-GCM-HKDF streaming) under a key
 * derived from the gateway's token: a file that was torn, altered, or written under another token
 * is refused. Blocks: not for an event loop.
 */
public final class SnapshotFile {
  private static final int KEY_BYTES = 32;
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final byte[] PURPOSE = "gatehouse snapshot 1".getBytes(StandardCharsets.UTF_8);

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final AesGcmHkdfStreaming seal;

  /**
   * @param path where it is kept; its directory is made if need be
   * @param secret at least 32 bytes, the same at the next start
   */
  public SnapshotFile(Path path, String secret) {
    this.path = path;
    try {
      this.seal =
          new AesGcmHkdfStreaming(
              secret.getBytes(StandardCharsets.UTF_8),
              "HmacSha256",
              KEY_BYTES,
              SEGMENT_BYTES,
              /* firstSegmentOffset= */ 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the secret must have at least 32 bytes", e);
    }
  }

  /** Where it is kept. */
  public Path path() {
    return path;
  }

  /**
   * Writes the lines to a new file and puts it in the place of the old one, whole or not at all.
   *
   * @throws IOException if that fails; the old file stays
   */
  public void write(List<FeedMessage> lines) throws IOException {
    Path target = path.toAbsolutePath();
    Files.createDirectories(target.getParent());
    Path next = target.resolveSibling(target.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(next, OWNER_ONLY);
    try (OutputStream file = Files.newOutputStream(next);
        BufferedWriter writer =
            new BufferedWriter(
                new OutputStreamWriter(
                    seal.newEncryptingStream(file, PURPOSE), StandardCharsets.UTF_8))) {
      for (FeedMessage line : lines) {
        writer.write(FeedCodec.encode(line));
        writer.write('\n');
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the snapshot could not be sealed", e);
    }
    try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads the file back. The lines come one by one, but count only once this returned: a fault may
   * show at the very end.
   *
   * @return false if there is no file
   * @throws IOException if there is one and it was torn, altered, or sealed under another secret
   */
  public boolean read(Consumer<FeedMessage> lines) throws IOException {
    if (!Files.exists(path)) {
      return false;
    }
    try (InputStream file = Files.newInputStream(path);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    seal.newDecryptingStream(file, PURPOSE), StandardCharsets.UTF_8))) {
      boolean complete = false;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        FeedMessage message = FeedCodec.decode(line.getBytes(StandardCharsets.UTF_8));
        lines.accept(message);
        complete = message instanceof FeedMessage.SnapshotEnd;
      }
      if (!complete) {
        throw new IOException("the snapshot has no end");
      }
      return true;
    } catch (GeneralSecurityException | MalformedFeedException | UncheckedIOException e) {
      throw new IOException("the snapshot cannot be opened: " + e.getMessage(), e);
    }
  }
}

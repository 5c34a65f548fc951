package dev.gatehouse.deploy.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where an export goes. It is passed on as it comes. */
@FunctionalInterface
interface ExportTarget {
  /**
   * Takes all of it.
   *
   * @throws IOException if it breaks off or there is no room for it
   */
  void take(InputStream export) throws IOException;

  /** A file, or standard output. */
  static ExportTarget of(Optional<String> file, PrintWriter standardOutput) {
    return file.<ExportTarget>map(name -> export -> toFile(export, Path.of(name)))
        .orElse(export -> toStandardOutput(export, standardOutput));
  }

  private static void toStandardOutput(InputStream export, PrintWriter out) throws IOException {
    try (Reader lines = new InputStreamReader(export, UTF_8)) {
      lines.transferTo(out);
    }
    if (out.checkError()) {
      throw new IOException("Standard output cannot be written.");
    }
  }

  /** What breaks off must not be taken for the whole: the file gets its name at the end. */
  private static void toFile(InputStream export, Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      try (OutputStream out = Files.newOutputStream(file)) {
        export.transferTo(out);
      }
      return;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(part)) {
      export.transferTo(out);
    } catch (IOException e) {
      boolean _ = Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, file, REPLACE_EXISTING);
  }
}

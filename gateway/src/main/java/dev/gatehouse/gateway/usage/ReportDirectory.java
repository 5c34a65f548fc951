package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.UsageReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports in a folder, a file each, written and moved into place before they are sent; and beside
 * them one file, which says until when the run has written down everything, and is not there
 * between runs that ended in good order.
 */
final class ReportDirectory implements PendingReports {
  private static final Logger LOG = LoggerFactory.getLogger(ReportDirectory.class);
  private static final String SUFFIX = ".json";
  private static final String RUNNING = "running";
  private static final String PART = ".part";

  /** A tick that came late, and the time to write. */
  private static final Duration TO_WRITE = Duration.ofSeconds(1);

  private record Kept(Path file, long bytes, UUID run, long sequence, Instant from, Instant to) {
    static Kept of(UsageReport report, Path file, long bytes) {
      return new Kept(file, bytes, report.run(), report.sequence(), report.from(), report.to());
    }
  }

  private final Path folder;
  private final UsageConfig config;
  private final Instant runBegan;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private @Nullable FileChannel lock;
  private long bytes;
  private volatile int size;

  /**
   * @param runBegan sorts the runs
   */
  ReportDirectory(Path folder, UsageConfig config, Instant runBegan) {
    this.folder = folder;
    this.config = config;
    this.runBegan = runBegan;
  }

  @Override
  public Optional<LostUsage> recover(Instant now) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    lock();
    List<LostUsage> lost = new ArrayList<>();
    for (Path file : files()) {
      try {
        UsageReport report = UsageReport.decode(Files.readAllBytes(file));
        keep(Kept.of(report, file, Files.size(file)));
      } catch (IllegalArgumentException e) {
        LOG.error("{} is no report of usage and is given up: {}", file, e.getMessage());
        Instant written = Files.getLastModifiedTime(file).toInstant();
        lost.add(
            new LostUsage(written.minus(config.every()), written, LostUsage.Reason.UNREADABLE));
        Files.delete(file);
      }
    }
    killedRun(now).ifPresent(lost::addFirst);
    return GivenUp.together(lost);
  }

  /** Two processes would send each other's reports, and take each other for killed. */
  @SuppressWarnings("resource") // The lock holds for as long as the file is open.
  private void lock() throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = file.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // Held by another gateway of this process.
    }
    if (!locked) {
      file.close();
      throw new IOException(
          folder + " is used by another gateway: each needs a folder of its own (usage.directory)");
    }
    lock = file;
  }

  /** What a run that did not end in good order cannot have written down. */
  private Optional<LostUsage> killedRun(Instant now) throws IOException {
    Path running = folder.resolve(RUNNING);
    if (Files.notExists(running)) {
      return Optional.empty();
    }
    Instant writtenTo = Instant.EPOCH;
    try {
      writtenTo = Instant.parse(Files.readString(running).strip());
    } catch (DateTimeException e) {
      LOG.error("{} does not say until when the last run counted: {}", running, e.getMessage());
      writtenTo = Files.getLastModifiedTime(running).toInstant();
    }
    Instant atMost = writtenTo.plus(config.every()).plus(TO_WRITE);
    Instant to = atMost.isBefore(now) ? atMost : now;
    LOG.warn(
        "the last run was killed: what it counted between {} and {} at most is lost",
        writtenTo,
        to);
    return to.isBefore(writtenTo)
        ? Optional.empty()
        : Optional.of(new LostUsage(writtenTo, to, LostUsage.Reason.KILLED));
  }

  @Override
  public List<LostUsage> add(UUID run, List<UsageReport> reports, Instant writtenTo)
      throws IOException {
    List<Kept> added = new ArrayList<>();
    try {
      for (UsageReport report : reports) {
        byte[] json = report.encode();
        Path file = folder.resolve(nameOf(report));
        write(file, json);
        added.add(Kept.of(report, file, json.length));
      }
    } catch (IOException e) {
      for (Kept half : added) {
        Files.deleteIfExists(half.file);
      }
      throw e;
    }
    added.forEach(this::keep);
    write(folder.resolve(RUNNING), writtenTo.toString().getBytes(StandardCharsets.UTF_8));
    return makeRoom(writtenTo.minus(config.maxAge()));
  }

  private List<LostUsage> makeRoom(Instant oldest) throws IOException {
    List<LostUsage> lost = new ArrayList<>();
    while (!kept.isEmpty() && (bytes > config.maxBytes() || kept.getFirst().to.isBefore(oldest))) {
      Kept first = kept.getFirst();
      lost.add(
          readOrGiveUp(first)
              .map(GivenUp::forNoRoom)
              .orElseGet(() -> new LostUsage(first.from, first.to, LostUsage.Reason.NO_ROOM)));
      removeFirst();
    }
    return lost;
  }

  @Override
  public Optional<UsageReport> first() throws IOException {
    while (!kept.isEmpty()) {
      Optional<UsageReport> report = readOrGiveUp(kept.getFirst());
      if (report.isPresent()) {
        return report;
      }
      removeFirst();
    }
    return Optional.empty();
  }

  private static Optional<UsageReport> readOrGiveUp(Kept report) {
    try {
      return Optional.of(UsageReport.decode(Files.readAllBytes(report.file)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.error(
          "{}, of what was counted from {} to {}, cannot be read any more and is given up: {}",
          report.file,
          report.from,
          report.to,
          e.toString());
      return Optional.empty();
    }
  }

  @Override
  public void remove(UsageReport report) throws IOException {
    Kept first = kept.peekFirst();
    if (first != null && first.run.equals(report.run()) && first.sequence == report.sequence()) {
      removeFirst();
    }
  }

  private void removeFirst() throws IOException {
    Kept first = kept.getFirst();
    Files.deleteIfExists(first.file);
    kept.removeFirst();
    bytes -= first.bytes;
    size = kept.size();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void end() throws IOException {
    Files.deleteIfExists(folder.resolve(RUNNING));
    releaseLock();
  }

  void releaseLock() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  private void keep(Kept report) {
    kept.add(report);
    bytes += report.bytes;
    size = kept.size();
  }

  /** In the order of their names they are sent: by number within a run, whatever the clock says. */
  private String nameOf(UsageReport report) {
    return String.format(
        Locale.ROOT,
        "%015d-%s-%012d%s",
        runBegan.toEpochMilli(),
        report.run(),
        report.sequence(),
        SUFFIX);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /** Whole or not at all, also when the machine loses its power. */
  private static void write(Path file, byte[] bytes) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + PART);
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

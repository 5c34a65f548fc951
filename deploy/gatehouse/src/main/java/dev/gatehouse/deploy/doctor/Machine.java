package dev.gatehouse.deploy.doctor;

import dev.gatehouse.deploy.cli.Version;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The machine on which the doctor runs, and its user. */
final class Machine {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+|unlimited)");
  private static final long ENOUGH_FILES = 16_384;

  private Machine() {}

  static Group group() {
    return Group.of(
        "This machine",
        List.of(
            Check.of("version", Machine::version),
            Check.of("Java", Machine::java),
            Check.of("sockets", Machine::sockets),
            Check.of("open files", Machine::openFiles)));
  }

  private static Finding version() {
    return Finding.ok(String.join(" ", new Version().getVersion()));
  }

  /** An older one would not have come so far. */
  private static Finding java() {
    return Finding.ok(Runtime.version() + " of " + System.getProperty("java.vendor"));
  }

  private static Finding sockets() {
    if (isAvailable(Transport.IO_URING)) {
      return Finding.ok("io_uring");
    } else if (isAvailable(Transport.EPOLL)) {
      return Finding.ok("epoll: io_uring, which takes less CPU, is not to be had here");
    }
    return Finding.warning(
        "Neither io_uring nor epoll is to be had: gateways serve sockets by Java NIO, and take more"
            + " CPU.",
        "Run them on Linux on x86-64, with a temporary directory from which libraries can be"
            + " loaded (no noexec).");
  }

  private static boolean isAvailable(@Nullable Transport transport) {
    return transport != null && transport.available();
  }

  private static Finding openFiles() throws IOException {
    Optional<String> limit =
        Files.isReadable(LIMITS)
            ? Optional.of(OPEN_FILES.matcher(Files.readString(LIMITS)))
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
            : Optional.empty();
    if (limit.isEmpty()) {
      return Finding.skipped("This system does not say how many may be open.");
    }
    return openFiles(limit.get());
  }

  static Finding openFiles(String limit) {
    if (limit.equals("unlimited") || Long.parseLong(limit) >= ENOUGH_FILES) {
      return Finding.ok(limit + " may be open at once by a process that is started here");
    }
    return Finding.warning(
        "Only "
            + limit
            + " may be open at once by a process that is started here; each connection"
            + " is one.",
        "Raise it to 65536 or more: LimitNOFILE= of the systemd unit, or ulimit -n.");
  }
}

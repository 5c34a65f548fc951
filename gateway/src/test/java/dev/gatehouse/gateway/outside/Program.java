package dev.gatehouse.gateway.outside;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that a test needs, and the Debian package that it is in. */
enum Program {
  CURL("curl", "curl"),
  HAPROXY("haproxy", "haproxy"),
  NGINX("nginx", "nginx"),
  NODE("node", "nodejs"),
  NPM("npm", "npm"),
  OPENSSL("openssl", "openssl"),
  NGHTTP("nghttp", "nghttp2-client"),
  H2LOAD("h2load", "nghttp2-client"),
  WRK("wrk", "wrk");

  private final String executable;
  private final String debianPackage;

  Program(String executable, String debianPackage) {
    this.executable = executable;
    this.debianPackage = debianPackage;
  }

  /** Where it is. Without it the test ends here: skipped, or failed where programs are required. */
  String path() {
    return find().orElseGet(this::absent);
  }

  private Optional<String> find() {
    String folders = System.getenv("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin";
    return Stream.of(folders.split(":", -1))
        .map(folder -> Path.of(folder, executable))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private String absent() {
    String message =
        executable + " is not installed (Debian package " + debianPackage + "), this test needs it";
    if ("1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))) {
      return fail(message);
    }
    return abort(message);
  }
}

package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a demo starts and ends, and what it says when it cannot. */
@Timeout(300)
class DemoLifeIT {
  @TempDir private Path scratch;

  @Test
  void findsItsDataAgainAfterAStopAndAKillThatLeavesNoProcess() throws Exception {
    Path directory = scratch.resolve("demo");
    String acme;
    try (RunningDemo demo = RunningDemo.start(directory);
        ControlPlaneApi controlPlane = new ControlPlaneApi(demo)) {
      acme = demo.id("acme");
      HttpResponse<String> created =
          controlPlane.post("/v1/tenants", "{\"slug\": \"umbrella\", \"name\": \"Umbrella\"}");
      assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    }

    RunningDemo killed = RunningDemo.start(directory);
    assertThat(killed.id("acme")).isEqualTo(acme);
    List<ProcessHandle> processes = killed.processes();
    killed.supervisor().destroyForcibly();
    for (ProcessHandle process : processes) {
      process.onExit().get(60, TimeUnit.SECONDS);
    }

    try (RunningDemo demo = RunningDemo.start(directory);
        ControlPlaneApi controlPlane = new ControlPlaneApi(demo)) {
      assertThat(demo.id("acme")).isEqualTo(acme);
      assertThat(controlPlane.get("/v1/tenants/umbrella").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void twoRunSideBySideAndEndWithoutALeftOver() throws Exception {
    List<ProcessHandle> processes;
    Path first = scratch.resolve("first");
    try (RunningDemo one = RunningDemo.start(first);
        RunningDemo two = RunningDemo.start(scratch.resolve("second"))) {
      processes = one.processes();
      assertThat(processes).hasSize(5);
      assertThat(one.gatewayPort()).isNotEqualTo(two.gatewayPort());
      for (String name :
          List.of("demo.json", "secrets.env", "logs/gateway.log", "logs/control-plane.log")) {
        assertThat(Files.getPosixFilePermissions(first.resolve(name)))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      Launcher.Ended third =
          Launcher.run(scratch, "demo", "--data-dir", first.toString(), "--ports", "0");
      assertThat(third.exitCode()).isEqualTo(1);
      assertThat(third.output().lines())
          .singleElement()
          .asString()
          .startsWith("The directory " + first + " is in use");
    }
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(first.resolve("demo.json")).doesNotExist();
  }

  @Test
  void aPortInUseIsNamedInOneSentence() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Launcher.Ended ended =
          Launcher.run(
              scratch,
              "demo",
              "--data-dir",
              scratch.resolve("demo").toString(),
              "--ports",
              "admin=0,control-plane=0,gateway=" + other.getLocalPort());
      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.output().lines())
          .singleElement()
          .asString()
          .startsWith(
              "Port %d, which gateway should listen on, is in use".formatted(other.getLocalPort()));
    }
  }

  @Test
  void aFullDiskIsNamedInOneSentence() throws Exception {
    Path small = Files.createDirectory(scratch.resolve("small"));
    assumeTrue(
        Launcher.shell(scratch, "mount -t tmpfs -o size=16m tmpfs " + small, Map.of()).exitCode()
            == 0,
        "mounting a small file system takes a capability");
    try {
      Launcher.Ended ended =
          Launcher.run(scratch, "demo", "--data-dir", small.toString(), "--ports", "0");
      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.output().lines().toList().getLast())
          .startsWith("There is no disk space left for " + small);
      assertThat(ended.output()).doesNotContain("\tat ");
    } finally {
      assertThat(Launcher.shell(scratch, "umount " + small, Map.of()).exitCode()).isZero();
    }
  }

  @Test
  void aMissingJdkIsNamedInOneSentence() throws Exception {
    Path copy = scratch.resolve("gatehouse");
    Files.writeString(
        copy, Files.readString(Launcher.SCRIPT).replace("java_release=25", "java_release=999"));
    Launcher.Ended ended = Launcher.shell(scratch, "sh " + copy + " demo", Map.of());
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output().lines())
        .singleElement()
        .asString()
        .startsWith("Gatehouse takes a JDK 999 or newer, and none was found");
  }
}

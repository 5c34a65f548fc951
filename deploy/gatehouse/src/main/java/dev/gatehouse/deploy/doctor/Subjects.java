package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.deploy.api.Connection;
import dev.gatehouse.deploy.api.RunningDemo;
import dev.gatehouse.deploy.config.ConfigReader;
import dev.gatehouse.gateway.GatewayConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at.
 *
 * @param files configuration files, read
 * @param controlPlane where it is, if anybody says it
 * @param token for its API; empty if none is known
 * @param noToken why none is known
 * @param trust authorities that may vouch for the control plane, as a gateway's file names them
 * @param admins admin ports of gateways
 */
record Subjects(
    List<ConfigFile> files,
    Optional<URI> controlPlane,
    String token,
    Optional<String> noToken,
    Optional<Path> trust,
    Set<URI> admins) {

  /**
   * What the command line names.
   *
   * @param configs configuration files
   * @param url the control plane's
   * @param tokenFile holds a token alone
   * @param admins admin ports
   */
  record Named(List<Path> configs, Optional<URI> url, Optional<Path> tokenFile, List<URI> admins) {
    boolean isNothing() {
      return configs.isEmpty() && url.isEmpty() && admins.isEmpty();
    }
  }

  /**
   * Finds them: what is named, then what the environment and the files name. Where nothing at all
   * is named, it is the demo of this directory.
   *
   * @throws IOException if the demo's description or the token cannot be read
   */
  static Subjects find(Named named, Map<String, String> environment) throws IOException {
    Optional<URI> url = named.url().or(() -> Connection.named(environment));
    Optional<JsonNode> demo =
        named.isNothing() && url.isEmpty() ? RunningDemo.find() : Optional.empty();
    List<Path> configs = demo.isPresent() ? demoConfigs() : named.configs();
    ConfigReader reader = new ConfigReader(demo.isPresent() ? ofDemo(environment) : environment);
    List<ConfigFile> files = configs.stream().map(file -> ConfigFile.read(file, reader)).toList();
    Set<URI> admins = new LinkedHashSet<>(named.admins());
    demo.ifPresent(file -> admins.add(URI.create(file.path("gatewayAdminUrl").asText())));
    if (admins.isEmpty()) {
      files.stream().flatMap(Subjects::adminOf).forEach(admins::add);
    }
    Optional<URI> controlPlane =
        url.or(() -> demo.map(file -> URI.create(file.path("controlPlaneUrl").asText())))
            .or(() -> files.stream().flatMap(Subjects::controlPlaneOf).findFirst());
    String token = "";
    Optional<String> noToken = Optional.empty();
    try {
      token =
          demo.isPresent() && named.tokenFile().isEmpty()
              ? demo.get().path("adminToken").asText()
              : controlPlane.isEmpty()
                  ? ""
                  : Connection.find(controlPlane, named.tokenFile(), environment).token();
    } catch (IllegalArgumentException e) {
      noToken = Optional.of(String.valueOf(e.getMessage()));
    }
    Optional<Path> trust =
        files.stream().flatMap(file -> trustOf(file, controlPlane).stream()).findFirst();
    return new Subjects(files, controlPlane, token, noToken, trust, admins);
  }

  private static List<Path> demoConfigs() {
    return Stream.of("gateway.yaml", "control-plane.yaml")
        .map(RunningDemo.directory()::resolve)
        .filter(Files::exists)
        .toList();
  }

  /** Its parts get their secrets so. */
  private static Map<String, String> ofDemo(Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    Path secrets = RunningDemo.directory().resolve("secrets.env");
    if (Files.isReadable(secrets)) {
      for (String line : Files.readAllLines(secrets)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          all.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
    return all;
  }

  private static Stream<URI> adminOf(ConfigFile file) {
    if (file instanceof ConfigFile.OfGateway(_, GatewayConfig config)) {
      return Stream.ofNullable(local(config.admin().host(), config.admin().port()));
    }
    return Stream.empty();
  }

  private static Optional<Path> trustOf(ConfigFile file, Optional<URI> controlPlane) {
    return file instanceof ConfigFile.OfGateway(_, GatewayConfig config)
            && controlPlane.equals(Optional.of(config.feed().url()))
        ? config.feed().trust()
        : Optional.empty();
  }

  private static Stream<URI> controlPlaneOf(ConfigFile file) {
    return switch (file) {
      case ConfigFile.OfGateway gateway -> Stream.of(gateway.config().feed().url());
      case ConfigFile.OfControlPlane controlPlane ->
          Stream.ofNullable(
              local(controlPlane.config().http().host(), controlPlane.config().http().port()));
      case ConfigFile.Unusable _ -> Stream.empty();
    };
  }

  /** Null where the port is any that is free, which nobody knows from outside. */
  private static @Nullable URI local(String host, int port) {
    if (port == 0) {
      return null;
    }
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String reachable = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + reachable + ":" + port);
  }

  /** Does not show the token. */
  @Override
  public String toString() {
    return "Subjects[controlPlane=" + controlPlane + ", admins=" + admins + "]";
  }
}

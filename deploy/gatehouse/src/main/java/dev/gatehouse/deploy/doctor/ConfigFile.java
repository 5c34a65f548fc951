package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.deploy.config.ConfigException;
import dev.gatehouse.deploy.config.ConfigReader;
import dev.gatehouse.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A configuration file, read as the part that it is for reads it. */
sealed interface ConfigFile {
  /** Where it is. */
  Path file();

  /** A gateway's. */
  record OfGateway(Path file, GatewayConfig config) implements ConfigFile {}

  /** A control plane's. */
  record OfControlPlane(Path file, ControlPlaneConfig config) implements ConfigFile {}

  /**
   * One that its part would not start with.
   *
   * @param faults each with its place
   */
  record Unusable(Path file, List<String> faults) implements ConfigFile {}

  /** Reads it; a fault is no exception here. */
  static ConfigFile read(Path file, ConfigReader reader) {
    JsonNode tree = treeOf(file);
    boolean controlPlane = hasAny(tree, "database", "masterKey");
    boolean gateway = hasAny(tree, "feed", "admin", "snapshot", "usage", "redis");
    if (tree.isObject() && controlPlane == gateway) {
      String what = gateway ? "has settings of both" : "has no setting of either";
      return new Unusable(
          file,
          List.of(
              "it is neither a gateway's file, with feed, nor a control plane's, with database: it "
                  + what));
    }
    try {
      return controlPlane
          ? new OfControlPlane(file, reader.read(file, ControlPlaneConfig.class))
          : new OfGateway(file, reader.read(file, GatewayConfig.class));
    } catch (ConfigException e) {
      return new Unusable(file, e.faults().stream().map(Object::toString).toList());
    }
  }

  private static boolean hasAny(JsonNode tree, String... names) {
    return Stream.of(names).anyMatch(tree::has);
  }

  /** What is no YAML, or cannot be read, the reader says better. */
  private static JsonNode treeOf(Path file) {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }
}

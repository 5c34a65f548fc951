package dev.gatehouse.deploy.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message lists every fault, one a line. */
public final class ConfigException extends RuntimeException {
  private final transient List<ConfigFault> faults;

  ConfigException(String source, List<ConfigFault> faults) {
    super(
        faults.stream()
            .map(fault -> "%s: %s".formatted(source, fault))
            .collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  /** What is wrong, in the order of the record's components. */
  public List<ConfigFault> faults() {
    return faults;
  }
}

package dev.gatehouse.deploy.demo;

import dev.gatehouse.backends.Ports;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the demo's processes listen on the loopback address; 0 stands for any free port.
 *
 * @param gateway tenants' requests
 * @param admin the gateway's admin port
 * @param controlPlane the control plane's API and pages
 * @param sample the sample application
 * @param postgres PostgreSQL
 * @param redis Redis
 */
public record DemoPorts(
    int gateway, int admin, int controlPlane, int sample, int postgres, int redis) {
  /** The well-known ones for what people use, free ones for what they do not see. */
  public static final DemoPorts DEFAULT = new DemoPorts(8080, 9901, 9000, 0, 0, 0);

  private static final int HIGHEST = 65_535;

  /**
   * Reads the option {@code --ports}.
   *
   * @param text empty for the defaults, a base port, 0, or {@code name=port} pairs
   * @throws IllegalArgumentException if it is anything else
   */
  public static DemoPorts parse(String text) {
    if (text.isEmpty()) {
      return DEFAULT;
    } else if (text.equals("0")) {
      return new DemoPorts(0, 0, 0, 0, 0, 0);
    } else if (!text.contains("=")) {
      int base = port(text);
      port(Integer.toString(base + 5));
      return new DemoPorts(base, base + 1, base + 2, base + 3, base + 4, base + 5);
    }
    Map<String, Integer> ports = DEFAULT.byName();
    for (String pair : text.split(",", -1)) {
      String[] nameAndPort = pair.strip().split("=", 2);
      if (nameAndPort.length != 2 || !ports.containsKey(nameAndPort[0])) {
        throw new IllegalArgumentException(
            "expected NAME=PORT with one of the names %s, found \"%s\""
                .formatted(String.join(", ", ports.keySet()), pair.strip()));
      }
      ports.put(nameAndPort[0], port(nameAndPort[1]));
    }
    return of(ports);
  }

  /**
   * Picks a free port wherever one is 0.
   *
   * @throws dev.gatehouse.backends.BackendException.PortInUse if another program has one of the
   *     rest
   */
  DemoPorts resolved() {
    Map<String, Integer> ports = byName();
    ports.forEach((name, port) -> {
      if (port != 0) {
        Ports.requireFree(name, port);
      }
    });
    ports.replaceAll((_, port) -> port == 0 ? freeAndNotIn(ports) : port);
    return of(ports);
  }

  private static int freeAndNotIn(Map<String, Integer> taken) {
    int port = Ports.free();
    while (taken.containsValue(port)) {
      port = Ports.free();
    }
    return port;
  }

  private Map<String, Integer> byName() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("gateway", gateway);
    ports.put("admin", admin);
    ports.put("control-plane", controlPlane);
    ports.put("sample", sample);
    ports.put("postgres", postgres);
    ports.put("redis", redis);
    return ports;
  }

  private static DemoPorts of(Map<String, Integer> ports) {
    return new DemoPorts(
        port(ports, "gateway"),
        port(ports, "admin"),
        port(ports, "control-plane"),
        port(ports, "sample"),
        port(ports, "postgres"),
        port(ports, "redis"));
  }

  private static int port(Map<String, Integer> ports, String name) {
    return Optional.ofNullable(ports.get(name)).orElseThrow();
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= HIGHEST) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Not a number is out of range, too.
    }
    throw new IllegalArgumentException(
        "expected a port between 0 and %d, found \"%s\"".formatted(HIGHEST, text));
  }
}

package dev.gatehouse.deploy.demo;

import dev.gatehouse.backends.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The configuration files of the demo's gateway and control plane, written anew at each start. They
 * hold no secret: a good beginning for files of one's own.
 */
final class ConfigFiles {
  private final Path dataDirectory;

  ConfigFiles(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  Path gateway() {
    return dataDirectory.resolve("gateway.yaml");
  }

  Path controlPlane() {
    return dataDirectory.resolve("control-plane.yaml");
  }

  void write(DemoPorts ports) throws IOException {
    PrivateFile.write(
        gateway(),
        """
        # The demo's gateway, written anew at each start of the demo. The secrets come from secrets.env.
        name: ${GATEHOUSE_GATEWAY_NAME:demo}
        http:
          host: ${GATEHOUSE_HTTP_HOST:127.0.0.1}
          port: ${GATEHOUSE_HTTP_PORT:%d}
        admin:
          host: 127.0.0.1
          port: ${GATEHOUSE_ADMIN_PORT:%d}
        # Tenants are reached at <slug>.localhost.
        baseDomain: localhost
        feed:
          url: http://127.0.0.1:%d
          token: ${GATEHOUSE_GATEWAY_TOKEN}
        redis:
          url: ${GATEHOUSE_REDIS_URL}
        # Lets the gateway start while the control plane is away.
        snapshot:
          file: '${GATEHOUSE_SNAPSHOT_FILE:%s}'
        # What tenants do is written down here until the control plane has taken it.
        usage:
          directory: '${GATEHOUSE_USAGE_DIRECTORY:%s}'
        # So that tenants' identity providers may be on this machine; a tenant "account" would be the account host.
        authenticate:
          allowedRanges: [127.0.0.0/8]
          accountHost: account.localhost
        # No load balancer looks at it: it may stop at once.
        drain:
          grace: 0s
          atMost: 5s
        observe:
          accessLog: true
        # What is refused is soon in the audit trail.
        security:
          window: 5s
        """
            .formatted(
                ports.gateway(),
                ports.admin(),
                ports.controlPlane(),
                quoted(dataDirectory.resolve("gateway.snapshot")),
                quoted(dataDirectory.resolve("usage"))));
    PrivateFile.write(
        controlPlane(),
        """
        # The demo's control plane, written anew at each start of the demo. The secrets come from secrets.env.
        http:
          host: 127.0.0.1
          port: %d
        database:
          url: ${GATEHOUSE_DATABASE_URL}
          poolSize: 10
        baseDomain: localhost
        masterKey: ${GATEHOUSE_MASTER_KEY}
        domains:
          allowedRanges: [127.0.0.0/8]
        bootstrap:
          operatorToken: ${GATEHOUSE_OPERATOR_TOKEN}
          gatewayToken: ${GATEHOUSE_GATEWAY_TOKEN}
        """
            .formatted(ports.controlPlane()));
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }
}

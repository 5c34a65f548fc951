package dev.gatehouse.deploy.demo;

import dev.gatehouse.contract.context.TenantContext;

/** Where the demo's parts are reached on this machine. */
final class DemoUrls {
  static final String BASE_DOMAIN = "localhost";

  private final DemoPorts ports;

  DemoUrls(DemoPorts ports) {
    this.ports = ports;
  }

  String gateway() {
    return loopback(ports.gateway());
  }

  String gatewayAdmin() {
    return loopback(ports.admin());
  }

  String controlPlane() {
    return loopback(ports.controlPlane());
  }

  String sampleApp() {
    return loopback(ports.sample());
  }

  /** The gateway's, as it is there whenever a request comes. */
  String jwks() {
    return gatewayAdmin() + TenantContext.JWKS_PATH;
  }

  String tenantHost(String slug) {
    return slug + "." + BASE_DOMAIN;
  }

  String tenant(String slug) {
    return "http://" + tenantHost(slug) + ":" + ports.gateway();
  }

  private static String loopback(int port) {
    return "http://127.0.0.1:" + port;
  }
}

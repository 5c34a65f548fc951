package dev.gatehouse.deploy.demo;

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

  String jwks() {
    return controlPlane() + "/.well-known/jwks.json";
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

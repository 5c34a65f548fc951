package dev.gatehouse.deploy.console;

import java.util.List;

/** Where the pages of the console are. */
final class ConsolePages {
  static final List<String> ALL =
      List.of(
          "",
          "/tenants",
          "/tenants?q=nobody-has-this",
          "/tenants/acme",
          "/tenants/acme/usage",
          "/tenants/acme/health",
          "/tenants/acme/analytics",
          "/analytics",
          "/tenants/acme/explain",
          "/tenants/acme/domains",
          "/tenants/acme/domains/www.acme.example",
          "/tenants/acme/members",
          "/tenants/acme/keys",
          "/tenants/acme/identity",
          "/tenants/acme/limits",
          "/tenants/acme/data",
          "/tenants/acme/audit",
          "/services",
          "/services/shop",
          "/routes",
          "/plans",
          "/plans/team",
          "/partitions",
          "/partitions/eu-1",
          "/blueprints",
          "/blueprints/shop",
          "/gateways",
          "/audit",
          "/sessions",
          "/no-such-page");

  private ConsolePages() {}
}

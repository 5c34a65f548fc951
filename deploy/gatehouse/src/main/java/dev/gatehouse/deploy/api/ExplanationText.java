package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** What a gateway explains, for a person: a line a stage, below it the endpoints, then the end. */
public final class ExplanationText {
  private final PrintWriter out;

  public ExplanationText(PrintWriter out) {
    this.out = out;
  }

  /** Whether an answer is one. */
  static boolean isOne(JsonNode answer) {
    return answer.has("verdict") && answer.path("steps").isArray();
  }

  /** Prints one. */
  public void print(JsonNode explanation) {
    for (JsonNode step : explanation.path("steps")) {
      out.printf(
          "%-13s %s  %s%n",
          step.path("stage").asText(),
          step.path("passed").asBoolean() ? "ok" : "--",
          step.path("because").asText());
      step.path("facts").path("endpoints").forEach(this::printEndpoint);
    }
    JsonNode status = explanation.path("status");
    out.println(
        "=> "
            + explanation.path("verdict").asText()
            + (status.isMissingNode() ? "" : " with " + status.asInt()));
  }

  private void printEndpoint(JsonNode endpoint) {
    String port = ":" + endpoint.path("port").asInt();
    if (endpoint.has("dnsFailure")) {
      String host = endpoint.path("host").asText() + port;
      printAddress(host, "--", "DNS failed: " + endpoint.path("dnsFailure").asText());
    }
    for (JsonNode address : endpoint.path("addresses")) {
      boolean eligible = address.path("eligible").asBoolean();
      String name = address.path("address").asText() + port;
      printAddress(name, eligible ? "ok" : "--", eligible ? state(address) : because(address));
    }
  }

  private void printAddress(String name, String mark, String why) {
    out.printf("%-16s%-23s %s  %s%n", "", name, mark, why);
  }

  private static String state(JsonNode address) {
    JsonNode share = address.path("sharePercent");
    return address.path("state").asText()
        + (share.isMissingNode() ? "" : ", starting slowly: " + share.asInt() + " % of its share")
        + ", "
        + address.path("inFlight").asInt()
        + " in flight";
  }

  private static String because(JsonNode address) {
    JsonNode until = address.path("ejectedUntil");
    return address.path("because").asText()
        + (until.isMissingNode() ? "" : ", until " + until.asText());
  }
}

package dev.gatehouse.controlplane.audit;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityReport;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Records what gateways refused: at a tenant's host in its chain, anything else in the platform's.
 */
public final class GatewayReportService {
  private final GatewayReportStore store = new GatewayReportStore();
  private final AuditService audit;

  /** Records in this trail. */
  public GatewayReportService(AuditService audit) {
    this.audit = audit;
  }

  /** Records a report, unless it was recorded before. */
  void record(SqlConnection tx, SecurityReport report) {
    if (!store.isNew(tx, report)) {
      return;
    }
    Set<UUID> named =
        report.events().stream()
            .flatMap(event -> event.tenant().stream())
            .collect(Collectors.toSet());
    Set<UUID> known = named.isEmpty() ? Set.of() : store.knownTenants(tx, named);
    List<AuditRecord> records = new ArrayList<>();
    report.events().forEach(event -> records.add(recordOf(report, event, known)));
    if (report.dropped() > 0) {
      records.add(
          AuditRecord.of(
                  AuditChain.PLATFORM,
                  "gateway.events-dropped",
                  Actor.gateway(report.gateway()),
                  "")
              .with("outcome", "observed")
              .with("count", report.dropped()));
    }
    audit.append(tx, records);
  }

  private static AuditRecord recordOf(SecurityReport report, SecurityEvent event, Set<UUID> known) {
    UUID chain = event.tenant().filter(known::contains).orElse(AuditChain.PLATFORM);
    String outcome = event.kind() == SecurityEvent.Kind.EGRESS_ALARM ? "observed" : "refused";
    AuditRecord record =
        AuditRecord.of(
                chain, "gateway." + event.kind().wireName(), Actor.gateway(report.gateway()), "")
            .with("outcome", outcome)
            .with("window", Map.of("from", event.from().toString(), "to", event.to().toString()))
            .with("count", event.count());
    if (!event.address().isEmpty()) {
      record = record.with("client", Map.of("address", event.address()));
    }
    return event.egress().isPresent()
        ? record.with("egress", egress(event.egress().get()))
        : record;
  }

  private static Map<String, Object> egress(EgressTaken taken) {
    Map<String, Object> egress = new LinkedHashMap<>();
    taken.principal().ifPresent(principal -> egress.put("principal", principal));
    egress.put("span", taken.span().wireName());
    egress.put("bytes", figure(taken.bytes()));
    egress.put("records", figure(taken.records()));
    return egress;
  }

  private static Map<String, Object> figure(EgressTaken.Figure figure) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("taken", figure.taken());
    figure.usual().ifPresent(usual -> numbers.put("usual", usual));
    figure.most().ifPresent(most -> numbers.put("most", most));
    return numbers;
  }
}
